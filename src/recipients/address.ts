/** Which addresses of the network are anybody's: a recipient is never one of our own machines (OWASP: server-side request forgery). */
import { BlockList, isIP } from 'node:net'

/** IANA special-purpose registries, IPv4 and IPv6, as of 2025. */
const own4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
/** What is global unicast and yet leads elsewhere: tunnels, translations and documentation. */
const odd6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
]
const blocked = new BlockList()
for (const [net, bits] of own4) blocked.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of odd6) blocked.addSubnet(net, bits, 'ipv6')
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
const loop = new BlockList()
loop.addSubnet('127.0.0.0', 8, 'ipv4')
loop.addAddress('::1', 'ipv6')

/** Of IPv6 only global unicast, so that what embeds an IPv4 address (`::ffff:`, `64:ff9b::`) is out with the rest. */
export function isPublic(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !blocked.check(address, 'ipv4')
  return family === 6 && global6.check(address, 'ipv6') && !blocked.check(address, 'ipv6')
}

export function isLoopback(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && loop.check(address, family === 4 ? 'ipv4' : 'ipv6')
}
