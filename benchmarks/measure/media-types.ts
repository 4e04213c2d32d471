/** What installers ask for (PEP 691). */
export const JSON_PAGE = 'application/vnd.pypi.simple.v1+json'
