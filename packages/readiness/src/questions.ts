/** The questions of the report, in its order, each with the package that answers it. */
export const questions = [
  { id: 'upgrade', question: 'Which release is this, and is it still maintained?' },
  { id: 'ha', question: 'What would survive a failure?' },
  { id: 'backup-dr', question: 'What could be restored?' },
  { id: 'monitoring', question: 'What is there, and what of it is measured?' },
  { id: 'audit', question: 'Who has opened what to everyone?' },
  { id: 'logging-levels', question: 'Do the logs mean what their level says?' },
] as const;

export type QuestionId = (typeof questions)[number]['id'];
