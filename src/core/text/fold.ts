/** Case, accents, white space and compatibility forms tell no words apart: `Résilié ` is `resilie`. */
export function foldWord(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase()
}
