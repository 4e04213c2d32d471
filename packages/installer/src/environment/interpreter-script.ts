/** The Python program that an interpreter runs, once, to describe itself. */

/** Comes before the answer: what `sitecustomize` prints may come before it. */
export const answerMark = '--cheese--'

/** Runs on Python 3.6 and newer, and imports no more than it must: the interpreter starts in 15 to 60 ms. */
export const interpreterScript = `
import os, site, sys, sysconfig

try:
    # What json would use, without json and all that it imports: half of the time that this takes.
    from _json import encode_basestring_ascii as quote
except ImportError:
    from json import dumps as quote

def encode(value):
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, dict):
        return '{' + ', '.join(quote(key) + ': ' + encode(each) for key, each in value.items()) + '}'
    if isinstance(value, (list, tuple)):
        return '[' + ', '.join(map(encode, value)) + ']'
    return {None: 'null', True: 'true', False: 'false'}[value] if value is None or isinstance(value, bool) else str(value)

def scheme(name, headers=None, **variables):
    paths = sysconfig.get_paths(scheme=name, vars=variables)
    chosen = {key: paths[key] for key in ('purelib', 'platlib', 'scripts', 'data')}
    chosen['headers'] = headers or paths['include']
    return chosen

names = sysconfig.get_scheme_names()
preferred = getattr(sysconfig, 'get_preferred_scheme', None)
fallback = {'prefix': 'nt' if os.name == 'nt' else 'posix_prefix', 'user': 'nt_user' if os.name == 'nt' else 'posix_user'}
def name_of(kind):
    return preferred(kind) if preferred else fallback[kind]

version = '%d.%d' % sys.version_info[:2]
is_virtual = sys.prefix != sys.base_prefix
venv = 'venv' if 'venv' in names else fallback['prefix']
under = dict.fromkeys(('base', 'platbase', 'installed_base', 'installed_platbase', 'prefix', 'exec_prefix'), '{prefix}')
site_headers = os.path.join('include', 'site', 'python' + version)
own_headers = os.path.join(sys.prefix, site_headers) if is_virtual else None
for_prefix = name_of('prefix')
if for_prefix == 'osx_framework_library':
    for_prefix = 'posix_prefix'
elif for_prefix == 'venv':
    for_prefix = fallback['prefix']

def linux():
    arch = sysconfig.get_platform().split('-', 1)[-1]
    if sys.maxsize <= 2**32:
        arch = {'x86_64': 'i686', 'aarch64': 'armv8l'}.get(arch, arch)
    found = {'platform': 'linux', 'arch': arch}
    try:
        name, number = os.confstr('CS_GNU_LIBC_VERSION').rsplit()
        found['glibc'] = [int(part) for part in number.split('.')[:2]]
    except (AttributeError, OSError, ValueError):
        musl = musl_version()
        if musl:
            found['musl'] = musl
    return found

def musl_version():
    # The loader that the program names in its ELF header prints its version when it is run.
    import re, subprocess
    with open(sys.executable, 'rb') as program:
        loader = re.search(rb'/[^\\0]*ld-musl-[^\\0]*', program.read(65536))
    if not loader:
        return None
    told = subprocess.run([loader.group().decode()], stderr=subprocess.PIPE).stderr
    number = re.search(rb'Version (\\d+)\\.(\\d+)', told)
    return number and [int(number.group(1)), int(number.group(2))]

def macos():
    import platform
    number, _, arch = platform.mac_ver()
    if number.startswith('10.16'):
        # Programs built against an old SDK are told an old version.
        import subprocess
        script = 'import platform; print(platform.mac_ver()[0])'
        number = subprocess.run([sys.executable, '-sS', '-c', script], stdout=subprocess.PIPE,
            env={'SYSTEM_VERSION_COMPAT': '0'}).stdout.decode()
    if sys.maxsize <= 2**32:
        arch = 'ppc' if arch.startswith('ppc') else 'i386'
    parts = [int(part) for part in number.strip().split('.')] + [0]
    return {'platform': 'macos', 'version': parts[:2], 'arch': arch}

def describe_platform():
    name = sysconfig.get_platform()
    if sys.platform == 'darwin':
        return macos()
    if sys.platform == 'win32':
        return {'platform': 'windows', 'arch': {'win-amd64': 'amd64', 'win-arm64': 'arm64'}.get(name, 'x86')}
    if sys.platform == 'ios':
        import platform
        release = [int(part) for part in platform.ios_ver().release.split('.')] + [0]
        return {'platform': 'ios', 'version': release[:2], 'multiarch': sys.implementation._multiarch}
    if sys.platform == 'android':
        _, level, abi = name.split('-', 2)
        return {'platform': 'android', 'apiLevel': int(level), 'abi': abi.replace('-', '_')}
    if sys.platform == 'emscripten':
        return {'platform': 'emscripten', 'sysconfigPlatform': name}
    return linux()

def other_abis():
    parts = (sysconfig.get_config_var('EXT_SUFFIX') or '').split('.')
    if len(parts) < 3:
        return []
    words = parts[1].split('-')
    kept = {'pypy': 2, 'graalpy': 3}
    for start in kept:
        if words[0].startswith(start):
            return ['_'.join(words[:kept[start]])]
    return [parts[1].replace('-', '_')]

def implementation_version():
    info = sys.implementation.version
    text = '%d.%d.%d' % info[:3]
    return text if info.releaselevel == 'final' else text + info.releaselevel[0] + str(info.serial)

def machine_markers():
    if sys.platform == 'linux' and sys.implementation.name == 'cpython':
        # What platform says there, too, and it takes as long to load as all else here.
        told, full, implementation = os.uname(), sys.version.split()[0], 'CPython'
        system, release, version, machine = told.sysname, told.release, told.version, told.machine
    else:
        import platform
        full, implementation = platform.python_version(), platform.python_implementation()
        system, release, version, machine = platform.system(), platform.release(), platform.version(), platform.machine()
    return {
        'implementation_name': sys.implementation.name,
        'implementation_version': implementation_version(),
        'os_name': os.name,
        'platform_machine': machine,
        'platform_python_implementation': implementation,
        'platform_release': release,
        'platform_system': system,
        'platform_version': version,
        'python_full_version': full,
        'python_version': '.'.join(full.split('.')[:2]),
        'sys_platform': sys.platform,
    }

description = {
    'implementation': sys.implementation.name,
    'version': list(sys.version_info[:2]),
    'platform': describe_platform(),
}
if sys.implementation.name == 'cpython':
    description['isFreeThreaded'] = bool(sysconfig.get_config_var('Py_GIL_DISABLED'))
    description['isDebug'] = bool(sysconfig.get_config_var('Py_DEBUG'))
else:
    description['abis'] = other_abis()

config = os.path.join(sys.prefix, 'pyvenv.cfg')
system = False
base = getattr(sys, '_base_executable', None) or sys.executable
if is_virtual and os.path.exists(config):
    with open(config, encoding='utf-8') as lines:
        for line in lines:
            key, _, value = line.partition('=')
            if key.strip().lower() == 'include-system-site-packages':
                system = value.strip().lower() == 'true'
            if key.strip().lower() == 'home' and base == sys.executable:
                # Before 3.11 an interpreter in an environment does not know where it came from.
                base = os.path.join(value.strip(), os.path.basename(os.path.realpath(sys.executable)))

folders = site.getsitepackages() if hasattr(site, 'getsitepackages') else [sysconfig.get_path('purelib')]
print('\\n${answerMark}' + encode({
    'executable': sys.executable,
    'prefix': sys.prefix,
    'basePrefix': sys.base_prefix,
    'baseExecutable': base,
    'stdlib': sysconfig.get_path('stdlib'),
    'markers': machine_markers(),
    'description': description,
    'cacheTag': sys.implementation.cache_tag or '',
    'paths': scheme(name_of('prefix'), own_headers),
    'prefixPaths': scheme(for_prefix, os.path.join('{prefix}', site_headers) if is_virtual else None, **under),
    'virtualPaths': scheme(venv, os.path.join('{prefix}', site_headers), **under),
    'userPaths': scheme(name_of('user'), own_headers, userbase='{userbase}'),
    'userBase': site.getuserbase(),
    'sitePackages': list(dict.fromkeys(path for path in folders if path in sys.path or not os.path.exists(path))),
    'hasSystemSitePackages': system,
}))
`
