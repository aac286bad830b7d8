/** Salesforce record ids: 3 characters of key prefix, 12 of serial, 3 of checksum over the case of the 15 before. */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const CHECK = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

export type KeyPrefix = '001' | '003' | '00Q' | '0PK' | '00T' | '500' | '006' | '00K' | '701' | '00v' | '0ZW' | '0ZY' | '9Vl'

/** `serial` below 62^8, about 2 × 10^14. The same serial may serve several prefixes. */
export function salesforceId(prefix: KeyPrefix, serial: number): string {
  let rest = serial
  let tail = ''
  for (let i = 0; i < 8; i++) {
    tail = DIGITS[rest % 62] + tail
    rest = Math.floor(rest / 62)
  }
  const id = `${prefix}4400${tail}`
  return id + checksum(id)
}

export function checksum(id: string): string {
  let suffix = ''
  for (let block = 0; block < 15; block += 5) {
    let bits = 0
    for (let i = 0; i < 5; i++) {
      const code = id.charCodeAt(block + i)
      if (code >= 65 && code <= 90) bits |= 1 << i
    }
    suffix += CHECK[bits]
  }
  return suffix
}
