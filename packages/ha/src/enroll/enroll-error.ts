/** Something that did not become what the step is for. */
export class EnrollError extends Error {
  override readonly name = 'EnrollError';
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(code: string, message: string, remedy?: string) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

/** The end of what a program printed. */
export const lastWords = (text: string): string => text.trim().split('\n').slice(-3).join(' | ').slice(-600);
