import { jsonBody, numberParam } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, notFound, Refusal } from './errors.ts'
import { nextPage } from './next-page.ts'
import type { Part } from './part.ts'
import type { Portal } from './portal.ts'

/** A person who signs in to the portal. Source: HubSpot docs, "User provisioning". */
export type User = {
  id: string
  email: string
  firstName: string
  lastName: string
  roleIds: string[]
  roleId?: string
  primaryTeamId?: string
  secondaryTeamIds?: string[]
  superAdmin: boolean
}

export type Users = { all: User[]; nextId: number; readonly part: Part }

const ROLES = [
  { id: '4400501', name: 'Sales', requiresBillingWrite: false },
  { id: '4400502', name: 'Read only', requiresBillingWrite: false },
]
const TEAMS = [{ id: '4400601', name: 'Sales', userIds: ['4400301'], secondaryUserIds: [] }]

export function createUsers(): Users {
  const users: Users = {
    all: [
      {
        id: '4400301',
        email: 'sales@sandbox.example',
        firstName: 'Sandbox',
        lastName: 'Owner',
        roleIds: [],
        primaryTeamId: '4400601',
        superAdmin: true,
      },
      {
        id: '4400302',
        email: 'marketing@sandbox.example',
        firstName: 'Marketing',
        lastName: 'Owner',
        roleIds: ['4400501'],
        superAdmin: false,
      },
    ],
    nextId: 4_400_310,
    part: {
      keep() {
        const kept = structuredClone({ all: users.all, nextId: users.nextId })
        return () => Object.assign(users, structuredClone(kept))
      },
    },
  }
  return users
}

export function listUsers(portal: Portal, call: Call): Answer {
  const limit = numberParam(call.query, 'limit', 100, 100)
  const after = call.query.get('after') ?? ''
  const rest = portal.users.all.filter((user) => user.id > after)
  const more = rest.length > limit ? nextPage(portal, call, rest[limit - 1]!.id) : {}
  return { status: 200, body: { results: rest.slice(0, limit), ...more } }
}

export function getUser({ users }: Portal, call: Call): Answer {
  return { status: 200, body: findUser(users, call) }
}

export function createUser({ users }: Portal, call: Call): Answer {
  const { email, ...fields } = jsonBody(call)
  if (typeof email !== 'string' || !email.includes('@')) {
    throw invalidRequest('Invalid input JSON on line 1, column 1. Some required fields were not set: [email]')
  }
  // unverified: the text for an address that already has a user.
  if (users.all.some((user) => user.email === email.toLowerCase())) {
    throw new Refusal(409, { message: 'A user with this email address already exists', category: 'CONFLICT' })
  }
  const user: User = { id: String(users.nextId++), email: email.toLowerCase(), firstName: '', lastName: '', roleIds: [], superAdmin: false }
  users.all.push(Object.assign(user, accepted(fields)))
  return { status: 201, body: { ...user, sendWelcomeEmail: fields.sendWelcomeEmail === true } }
}

export function replaceUser({ users }: Portal, call: Call): Answer {
  return { status: 200, body: Object.assign(findUser(users, call), accepted(jsonBody(call))) }
}

export function deleteUser({ users }: Portal, call: Call): Answer {
  const user = findUser(users, call)
  users.all = users.all.filter((known) => known !== user)
  return { status: 204 }
}

export function listRoles(): Answer {
  return { status: 200, body: { results: ROLES } }
}

export function listTeams(): Answer {
  return { status: 200, body: { results: TEAMS } }
}

function findUser(users: Users, call: Call): User {
  const [key] = call.parts as [string]
  const byEmail = call.query.get('idProperty') === 'EMAIL'
  const user = users.all.find((known) => (byEmail ? known.email === key.toLowerCase() : known.id === key))
  if (user === undefined) throw notFound()
  return user
}

function accepted(body: Record<string, unknown>): Partial<User> {
  const text = (name: 'firstName' | 'lastName' | 'primaryTeamId' | 'roleId'): Partial<User> =>
    typeof body[name] === 'string' ? { [name]: body[name] } : {}
  const { secondaryTeamIds, roleId } = body
  const teams = Array.isArray(secondaryTeamIds) ? { secondaryTeamIds: secondaryTeamIds.map(String) } : {}
  const roles = typeof roleId === 'string' ? { roleIds: [roleId] } : {}
  return { ...text('firstName'), ...text('lastName'), ...text('primaryTeamId'), ...text('roleId'), ...teams, ...roles }
}
