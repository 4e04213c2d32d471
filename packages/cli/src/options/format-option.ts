/** The option of commands that print either for people or for programs. */

export const formatOption = {
  kind: 'text',
  isOurs: true,
  placeholder: 'FORMAT',
  choices: ['text', 'json'],
  help: 'text or json. [text]',
} as const
