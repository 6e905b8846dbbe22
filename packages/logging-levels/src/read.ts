export { type OsloFormat, osloFormat, type OsloFormatOptions, type OsloLine } from './read/oslo-format.ts';
