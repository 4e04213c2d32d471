/** What builds tell while they work. */

export type BuildTarget = 'metadata' | 'wheel' | 'editable' | 'sdist'

export type BuildEvent =
  | { readonly type: 'build-started'; readonly project: string; readonly target: BuildTarget }
  /** Projects are about to be put into the environment of a build. */
  | {
      readonly type: 'build-requires'
      readonly project: string
      readonly requirements: readonly string[]
    }
  /** A line of what the backend says. */
  | { readonly type: 'build-output'; readonly project: string; readonly line: string }
  | {
      readonly type: 'build-finished'
      readonly project: string
      readonly target: BuildTarget
      readonly milliseconds: number
    }
