/** Indexes: who may read and fill them, where their files come from, and what they leave out. */
import type { Generated } from 'kysely'

export type NameOrigin = 'hosted' | 'upstream' | 'both'
export type IndexRole = 'reader' | 'uploader' | 'owner'

export interface IndexTables {
  indexes: IndexesTable
  index_members: IndexMembersTable
  index_sources: IndexSourcesTable
  name_origins: NameOriginsTable
  name_claims: NameClaimsTable
  policies: PoliciesTable
  exemptions: ExemptionsTable
  advisories: AdvisoriesTable
  earlier_advisories: EarlierAdvisoriesTable
}

/** A list of projects with URLs of its own. The default index has the id 1. */
export interface IndexesTable {
  id: Generated<number>
  /** `acme/dev`; empty for the default index, whose URLs are those of the root. */
  path: string
  readers: 'everyone' | 'members'
  uploaders: 'everyone' | 'members'
  /** The serial of the last change of the index itself: its sources, members, claims and policy. */
  revision: number
  created_at: string
}

interface IndexMembersTable {
  index_id: number
  user_id: number
  role: IndexRole
  created_at: string
}

/** Where an index has its files from, in order: its own uploads, another index, an upstream. */
interface IndexSourcesTable {
  index_id: number
  position: number
  kind: 'hosted' | 'index' | 'upstream'
  source_index_id: number | null
  upstream_id: number | null
}

/** Where the files of a name come from in an index; no row: nobody has asked yet. */
interface NameOriginsTable {
  index_id: number
  normalized_name: string
  origin: NameOrigin
  set_at: string
  /** The owner who decided; null when it followed from what came first. */
  set_by: string | null
}

/** Names kept for uploads before there are any: `acme-*`. */
interface NameClaimsTable {
  index_id: number
  pattern: string
  claimed_at: string
  claimed_by: string
}

/** What an index leaves out: the newest row holds, the older ones are for pages of the past. */
interface PoliciesTable {
  index_id: number
  /** Of the event that says who set it. */
  serial: number
  /** JSON list of rules as the operator wrote them. */
  rules: string
}

/** Exceptions from the policy, for a while. */
interface ExemptionsTable {
  id: Generated<number>
  index_id: number
  /** `flask`, `acme-*`, `flask==3.1` */
  target: string
  /** The name of the rule it is from; null: from all. */
  rule: string | null
  reason: string
  created_by: string
  created_at: string
  expires_at: string
}

/** What is known to be wrong with versions of a project, whoever publishes it. */
interface AdvisoriesTable {
  normalized_name: string
  id: string
  modified_at: string
  /** JSON of an `Advisory`. */
  advisory: string
  /** Pages of this serial and later ones know it. */
  serial: Generated<number>
}

/** What advisories said before they were replaced: for pages of the past. */
interface EarlierAdvisoriesTable {
  normalized_name: string
  id: string
  serial: number
  /** The serial of the form that came next. */
  replaced: number
  advisory: string
}
