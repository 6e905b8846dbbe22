import type { Severity } from '@groundcrew/ground';
import type { Component } from './define-component.ts';

/** The words which say that a component was not seen, with the defaults. */
export const unseenWords = ({
  name,
  title,
  unseen = {},
}: Component): { readonly id: string; readonly severity: Severity; readonly means: string } => ({
  id: unseen.id ?? `${name}.unseen`,
  severity: unseen.severity ?? 'high',
  means: unseen.means ?? `How ${title} stands is not known`,
});
