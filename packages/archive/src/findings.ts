/** Lets one parser serve two callers: readers stop at the first danger, checks collect everything. */
import { type ArchiveProblem, type ArchiveProblemCode, InvalidArchive } from './invalid-archive.ts'

/** A hostile archive may be wrong in every entry; a report of this length says enough. */
const mostProblems = 1000

/** Ends a check whose report is long enough. */
class TooManyProblems extends Error {}

export class Findings {
  readonly problems: ArchiveProblem[] = []
  /** Whether remarks count. */
  readonly isCollecting: boolean

  private constructor(isCollecting: boolean) {
    this.isCollecting = isCollecting
  }

  /** For readers: `refuse` throws, `remark` is silent. */
  static refusing(): Findings {
    return new Findings(false)
  }

  /** For checks: both are written down, and parsing goes on. */
  static collecting(): Findings {
    return new Findings(true)
  }

  /** Something that makes reading ambiguous or dangerous. */
  refuse(code: ArchiveProblemCode, message: string, entry?: string): void {
    const problem = new InvalidArchive(code, message, entry)
    if (!this.isCollecting) throw problem
    this.add(problem)
  }

  /** Something a clean archive does not have, although readers agree on what it means. */
  remark(code: ArchiveProblemCode, message: string, entry?: string): void {
    if (this.isCollecting) this.add(new InvalidArchive(code, message, entry))
  }

  /** Writes down what stopped one part of a check; any other error goes on to the caller. */
  add(error: unknown): void {
    if (!(error instanceof InvalidArchive)) throw error
    this.problems.push(asProblem(error))
    if (this.problems.length >= mostProblems) throw new TooManyProblems()
  }
}

/** Runs a check to its end, to its first fatal problem or to a full report. */
export async function collectProblems(
  check: (findings: Findings) => Promise<void>,
): Promise<ArchiveProblem[]> {
  const findings = Findings.collecting()
  try {
    await check(findings)
  } catch (error) {
    if (error instanceof InvalidArchive) findings.problems.push(asProblem(error))
    else if (!(error instanceof TooManyProblems)) throw error
  }
  return findings.problems
}

function asProblem({ code, message, entry }: InvalidArchive): ArchiveProblem {
  return entry === undefined ? { code, message } : { code, message, entry }
}
