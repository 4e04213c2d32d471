/** How large the made index is. */

export interface Scale {
  projects: number
  files: number
  users: number
}

/** What the public index's front page said in June 2020. */
export const JUNE_2020: Scale = { projects: 237_515, files: 2_877_545, users: 427_487 }

/** The same shape at a share of the size, for trying things out. */
export function scaled(share: number): Scale {
  const part = (count: number) => Math.max(1, Math.round(count * share))
  return {
    projects: part(JUNE_2020.projects),
    files: part(JUNE_2020.files),
    users: part(JUNE_2020.users),
  }
}
