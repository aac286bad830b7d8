/** In which people are written to. */
export type Language = 'fr' | 'en'

/** `asked`: null, or one that nobody here writes: as the company does, its `locale`. */
export function languageOf(asked: string | null, { locale }: { readonly locale: Language }): Language {
  return asked === 'fr' || asked === 'en' ? asked : locale
}
