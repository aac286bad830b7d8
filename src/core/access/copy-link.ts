/** How long, and how often, a copy of somebody's data can be fetched by its link. */

/** Long enough for a mail that is read after a week away; then the address is forgotten, and the link leads nowhere. */
const COPY_LINK_DAYS = 7
export const COPY_LINK_LIFE_MS = COPY_LINK_DAYS * 24 * 3_600_000
/** `fetched`: whole. `begun`: each one costs a reading of every system, and a line may break more often than that. */
export const COPY_FETCHES = { fetched: 5, begun: 20 } as const
