/** Which hosts may receive our token: an address out of an answer is checked before anything is sent to it. */
import { isSafeOrigin } from '../http.ts'

const SALESFORCE_SUFFIXES = ['.salesforce.com', '.force.com']

/** May the `instance_url` of a token answer be trusted with that token? (An OAuth answer is input like any other.) */
export function isTrustedInstance(instanceUrl: string, loginUrl: string): boolean {
  if (!URL.canParse(instanceUrl)) return false
  const instance = new URL(instanceUrl)
  const login = new URL(loginUrl)
  if (!isSafeOrigin(instance)) return false
  if (instance.host === login.host) return true
  if (isLoopback(instance.hostname)) return isLoopback(login.hostname)
  return instance.port === '' && SALESFORCE_SUFFIXES.some((suffix) => instance.hostname.endsWith(suffix))
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}
