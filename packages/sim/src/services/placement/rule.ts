import { admin, type Handler } from '../../call.ts';

export const rule = (name: string, handler: Handler): Handler => admin(`placement:${name}`, handler);
