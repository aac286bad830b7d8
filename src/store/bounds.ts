/**
 * How soon a database, or a client of it, that has died without a word is noticed: a host that lost power, a firewall that forgot a connection, a failover that
 * said nothing. All bounds in one place; docs/operations.md tells them.
 */

/** A connection that says nothing is asked whether it lives after this time; Node asks ten times, a second apart (net.Socket.setKeepAlive). */
export const KEEPALIVE_MS = 10_000

/**
 * What each session asks of the server: one whose host is gone ends within half a minute, and its locks and claims with it. A transaction that stands idle is
 * somebody who hangs, holding what others wait for: no step of ours pauses for minutes inside one, and statements may take as long as they need.
 */
export const SERVER_BOUNDS = [
  'set tcp_keepalives_idle to 10',
  'set tcp_keepalives_interval to 5',
  'set tcp_keepalives_count to 3',
  "set tcp_user_timeout to '30s'",
  "set idle_in_transaction_session_timeout to '5min'",
].join('; ')

/** One statement of a session that only takes and frees locks, none of which anybody waits for. */
export const LOCK_ANSWER_MS = 30_000

/** One commit of deliveries; whoever sent them is told to come back long before. The next commit takes another connection. */
export const HEARING_MS = 10_000

/** Events that wait for a commit: beyond this, deliveries are sent away. */
export const MOST_EVENTS_WAITING = 20_000
