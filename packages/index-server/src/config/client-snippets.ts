/** Ready-to-paste configuration of the clients, for the terminal and the landing page. */

export interface Snippet {
  client: 'pip' | 'uv' | 'twine'
  /** The file it goes into. */
  file: string
  text: string
  /** The command that uses it. */
  command: string
}

/** What clients call the index in their own files. */
export const indexName = 'cheeseshop'

/** `baseUrl` has no slash at the end; without a token the place for it is named. */
export function clientSnippets(baseUrl: string, token = 'TOKEN'): readonly Snippet[] {
  const simple = `${baseUrl}/simple/`
  const upload = `${baseUrl}/legacy/`
  return [
    {
      client: 'pip',
      file: 'pip.conf',
      text: `[global]\nindex-url = ${simple}\n${trustedHost(baseUrl)}`,
      command: `pip install --index-url ${simple} NAME`,
    },
    {
      client: 'uv',
      file: 'uv.toml',
      text: `[[index]]\nname = "${indexName}"\nurl = "${simple}"\npublish-url = "${upload}"\ndefault = true\n`,
      command: `uv publish --index ${indexName} --token ${token}`,
    },
    {
      client: 'twine',
      file: '.pypirc',
      text: `[distutils]\nindex-servers = ${indexName}\n\n[${indexName}]\nrepository = ${upload}\nusername = __token__\npassword = ${token}\n`,
      command: `twine upload --repository ${indexName} dist/*`,
    },
  ]
}

/** pip believes plain HTTP only from this machine, unless it is told. */
function trustedHost(baseUrl: string): string {
  const { protocol, hostname, host } = new URL(baseUrl)
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  return protocol === 'https:' || isLocal ? '' : `trusted-host = ${host}\n`
}
