/** Request signatures. Source: HubSpot docs, "Validating requests". */
import { createHash, createHmac } from 'node:crypto'

export function signV1(secret: string, body: Buffer): string {
  return createHash('sha256').update(secret).update(body).digest('hex')
}

export function signV2(secret: string, method: string, uri: string, body: Buffer): string {
  return createHash('sha256').update(secret).update(method).update(uri).update(body).digest('hex')
}

export function signV3(secret: string, method: string, uri: string, body: Buffer, timestamp: number): string {
  return createHmac('sha256', secret).update(method).update(decodeUri(uri)).update(body).update(String(timestamp)).digest('base64')
}

/** unverified: that lower-case escapes are decoded as well. */
const LOWER_CASE_ESCAPES = false

/** These escapes are decoded in the URI that v3 signs, and no others. */
const DECODED: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
}

function decodeUri(uri: string): string {
  return uri.replaceAll(/%[\dA-Fa-f]{2}/g, (escape) => DECODED[LOWER_CASE_ESCAPES ? escape.toUpperCase() : escape] ?? escape)
}

/** The headers of one attempt: v3 and the older signature together. */
export function signedHeaders(secret: string, url: string, body: Buffer, timestamp: number, version: 'v1' | 'v2'): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'HubSpot Connect 2.0 (http://dev.hubspot.com/) (namespace: webhooks-nio-http-client) - WebhooksExecutorDaemon-executor',
    'X-HubSpot-Signature': version === 'v1' ? signV1(secret, body) : signV2(secret, 'POST', url, body),
    'X-HubSpot-Signature-Version': version,
    'X-HubSpot-Signature-v3': signV3(secret, 'POST', url, body, timestamp),
    'X-HubSpot-Request-Timestamp': String(timestamp),
  }
}
