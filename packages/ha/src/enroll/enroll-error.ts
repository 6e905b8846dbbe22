import { GroundcrewError } from '@groundcrew/ground';
/** A step of an enrolment did not have its effect. */
export class EnrollError extends GroundcrewError {
  readonly code: string;

  constructor(code: string, message: string, remedy?: string) {
    super(message, { remedy });
    this.code = code;
  }
}

/** The end of what a program printed. */
export const lastWords = (text: string): string => text.trim().split('\n').slice(-3).join(' | ').slice(-600);
