import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { fieldsMissing, invalidRequest, Refusal } from './errors.ts'
import { instant } from './instant.ts'
import { ROOT_FOLDER } from './list.ts'
import type { ListFolder } from './list.ts'
import { findList } from './lists.ts'
import type { Portal } from './portal.ts'

/** A folder with everything in it; without `folderId` the one that every other is in. */
export function getFolder(portal: Portal, call: Call): Answer {
  return { status: 200, body: { folder: wireFolder(portal, findFolder(portal, call.query.get('folderId') ?? String(ROOT_FOLDER))) } }
}

function findFolder(portal: Portal, text: string): ListFolder {
  if (text === String(ROOT_FOLDER)) return { id: ROOT_FOLDER, parentId: ROOT_FOLDER, name: '', createdAt: 0, updatedAt: 0 }
  const folder = /^\d{1,15}$/.test(text) ? portal.marketing.folders.get(Number(text)) : undefined
  // unverified: the text.
  if (folder === undefined)
    throw new Refusal(404, { message: `Folder does not exist with ID ${text.slice(0, 40)}.`, category: 'OBJECT_NOT_FOUND' })
  return folder
}

function wireFolder(portal: Portal, folder: ListFolder): Record<string, unknown> {
  const { folders, lists } = portal.marketing
  const children = [...folders.values()].filter(({ parentId }) => parentId === folder.id)
  const own =
    folder.id === ROOT_FOLDER ? {} : { name: folder.name, createdAt: instant(folder.createdAt), updatedAt: instant(folder.updatedAt) }
  return {
    id: folder.id,
    parentFolderId: folder.parentId,
    ...own,
    childNodes: children.map((child) => wireFolder(portal, child)),
    childLists: [...lists.values()].filter(({ folderId, deletedAt }) => folderId === folder.id && deletedAt === null).map(({ id }) => id),
  }
}

export function createFolder(portal: Portal, call: Call): Answer {
  const { name, parentFolderId } = jsonBody(call)
  if (typeof name !== 'string' || name === '') throw fieldsMissing(['name'])
  const parent = findFolder(portal, String(parentFolderId ?? ROOT_FOLDER))
  const { folders } = portal.marketing
  const now = portal.clock.now()
  const folder = { id: Math.max(0, ...folders.keys()) + 1, parentId: parent.id, name, createdAt: now, updatedAt: now }
  folders.set(folder.id, folder)
  return { status: 200, body: { folder: wireFolder(portal, folder) } }
}

export function renameFolder(portal: Portal, call: Call): Answer {
  const folder = ordinary(portal, call.parts[0]!)
  const name = call.query.get('newFolderName')
  if (name === null || name === '') throw invalidRequest('The query parameter newFolderName is required')
  Object.assign(folder, { name, updatedAt: portal.clock.now() })
  return { status: 200, body: { folder: wireFolder(portal, folder) } }
}

export function moveFolder(portal: Portal, call: Call): Answer {
  const folder = ordinary(portal, call.parts[0]!)
  const target = findFolder(portal, call.parts[1]!)
  for (let above = target; above.id !== ROOT_FOLDER; above = findFolder(portal, String(above.parentId))) {
    if (above.id === folder.id) throw invalidRequest('A folder cannot be moved into itself')
  }
  Object.assign(folder, { parentId: target.id, updatedAt: portal.clock.now() })
  return { status: 200, body: { folder: wireFolder(portal, folder) } }
}

export function moveListToFolder(portal: Portal, call: Call): Answer {
  const { listId, newFolderId } = jsonBody(call)
  const list = findList(portal, String(listId))
  list.folderId = findFolder(portal, String(newFolderId)).id
  return { status: 204 }
}

/** Only an empty one. */
export function deleteFolder(portal: Portal, call: Call): Answer {
  const folder = ordinary(portal, call.parts[0]!)
  const { childNodes, childLists } = wireFolder(portal, folder)
  if ((childNodes as unknown[]).length > 0 || (childLists as unknown[]).length > 0) throw invalidRequest('The folder is not empty')
  portal.marketing.folders.delete(folder.id)
  return { status: 204 }
}

function ordinary(portal: Portal, text: string): ListFolder {
  const folder = findFolder(portal, text)
  if (folder.id === ROOT_FOLDER) throw invalidRequest('The root folder cannot be changed')
  return folder
}
