/** Something a scenario compares with that could not be had: its message is the sentence that says what to install. */
export class MissingTool extends Error {
  override readonly name = 'MissingTool'
}
