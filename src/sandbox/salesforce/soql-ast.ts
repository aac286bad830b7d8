/** The shape of a parsed SOQL query. Every part keeps its place in the text, for the caret of an error. */
export type Path = { text: string; names: string[]; at: number }
export type Literal =
  | { kind: 'string' | 'number' | 'date' | 'datetime'; text: string; at: number }
  | { kind: 'boolean'; value: boolean; at: number }
  | { kind: 'null'; at: number }
  /** A date literal such as LAST_N_DAYS:30, always a range of time. */
  | { kind: 'range'; name: string; n: number; at: number }
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'like'
export type Condition =
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition }
  | { kind: 'compare'; path: Path; call: string | null; operator: Comparison; literal: Literal }
  | { kind: 'in'; path: Path; negated: boolean; literals: Literal[] }
  | { kind: 'semi'; path: Path; negated: boolean; query: Query; at: number }
  | { kind: 'includes'; path: Path; negated: boolean; literals: Literal[] }
export type Selected =
  | { kind: 'field'; path: Path; alias: string | null }
  | { kind: 'call'; name: string; path: Path | null; alias: string | null; at: number }
  | { kind: 'fields'; which: 'ALL' | 'STANDARD' | 'CUSTOM'; at: number }
  | { kind: 'child'; query: Query; at: number }
  | { kind: 'typeof'; path: Path; cases: { type: string; at: number; paths: Path[] }[]; otherwise: Path[] }
/** A field, or a function of one, that rows are grouped by. */
export type GroupKey = { path: Path; call: string | null }
export type Order = { path: Path; call: string | null; descending: boolean; nullsLast: boolean | null }
export type Joined = { alias: string; names: readonly string[]; at: number }
export type Query = {
  text: string
  select: Selected[]
  /** `joined` are the aliases of parents: `FROM Contact c, c.Account a`. */
  from: { name: string; alias: string | null; at: number; joined: readonly Joined[] }
  /** USING SCOPE, in lower case. */
  scope: string | null
  where: Condition | null
  groupBy: GroupKey[]
  subtotals: 'none' | 'rollup' | 'cube'
  having: Condition | null
  orderBy: Order[]
  limit: number | null
  offset: { count: number; at: number } | null
}
