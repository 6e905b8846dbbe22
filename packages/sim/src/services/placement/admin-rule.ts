import { admin, type Handler } from '../../call.ts';

export const adminRule = (name: string, handler: Handler): Handler => admin(`placement:${name}`, handler);
