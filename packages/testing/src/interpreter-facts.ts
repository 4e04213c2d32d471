/** What a Python 3.12 that is not there would say of itself, for tests that need an environment and no Python. */

/** Of a virtual environment in this folder. */
export function interpreterFacts(prefix: string) {
  const virtualPaths = {
    purelib: '{prefix}/lib/python3.12/site-packages',
    platlib: '{prefix}/lib/python3.12/site-packages',
    scripts: '{prefix}/bin',
    headers: '{prefix}/include/site/python3.12',
    data: '{prefix}',
  }
  const paths = fill(virtualPaths, prefix)
  return {
    executable: `${prefix}/bin/python`,
    prefix,
    basePrefix: '/opt/python',
    baseExecutable: '/opt/python/bin/python3.12',
    stdlib: '/opt/python/lib/python3.12',
    markers: {
      implementation_name: 'cpython',
      implementation_version: '3.12.1',
      os_name: 'posix',
      platform_machine: 'x86_64',
      platform_python_implementation: 'CPython',
      platform_release: '6',
      platform_system: 'Linux',
      platform_version: '1',
      python_full_version: '3.12.1',
      python_version: '3.12',
      sys_platform: 'linux',
    },
    description: {
      implementation: 'cpython',
      version: [3, 12] as [number, number],
      platform: {
        platform: 'linux' as const,
        arch: 'x86_64',
        glibc: [2, 36] as [number, number],
      },
    },
    cacheTag: 'cpython-312',
    paths,
    prefixPaths: virtualPaths,
    virtualPaths,
    userPaths: fill(virtualPaths, '{userbase}'),
    userBase: '/people/someone/.local',
    sitePackages: [paths.purelib],
    hasSystemSitePackages: false,
  }
}

function fill<Scheme extends Record<string, string>>(scheme: Scheme, prefix: string): Scheme {
  const filled = Object.entries(scheme).map(([key, path]) => [
    key,
    path.replace('{prefix}', prefix),
  ])
  return Object.fromEntries(filled)
}
