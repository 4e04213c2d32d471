/** The Python programs that must work with our index, each in a version that somebody still runs. */

export type Client = {
  /** What is installed, exactly; `locked/<name>.txt` pins what that needs in turn. */
  requirements: string[]
  /** Needs names that newer Pythons removed: see removed_from_python.py. */
  needsRemovedNames?: true
}

const oldTools = ['setuptools==69.5.1', 'wheel==0.43.0']

export const clients = {
  'pip-18.1': { requirements: ['pip==18.1', ...oldTools], needsRemovedNames: true },
  'pip-20.3': { requirements: ['pip==20.3.4', ...oldTools], needsRemovedNames: true },
  'pip-22.0': { requirements: ['pip==22.0.4', ...oldTools], needsRemovedNames: true },
  'pip-23.2': { requirements: ['pip==23.2.1'] },
  'pip-24.2': { requirements: ['pip==24.2'] },
  pip: { requirements: ['pip==26.3'] },
  uv: { requirements: ['uv==0.13.9'] },
  'twine-4.0': { requirements: ['twine==4.0.2', 'importlib-metadata==7.2.1'] },
  twine: { requirements: ['twine==7.0.0'] },
  poetry: { requirements: ['poetry==2.5.1'] },
  pdm: { requirements: ['pdm[locked]==2.29.3', 'pdm-backend==2.5.0'] },
  hatch: { requirements: ['hatch==1.18.2'] },
  flit: { requirements: ['flit==4.2.0'] },
  // No client: what people come from.
  devpi: { requirements: ['devpi-server==6.20.3', 'setuptools==80.10.2'] },
  'pypi-simple': { requirements: ['pypi-simple==1.8.0'] },
} satisfies Record<string, Client>

export type ClientName = keyof typeof clients

export const clientNames = Object.keys(clients) as ClientName[]
