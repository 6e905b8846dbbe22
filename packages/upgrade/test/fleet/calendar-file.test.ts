import { expect, test } from 'vitest';
import { calendarFile, type CalendarEvent } from '../../src/fleet.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const event = (more: Partial<CalendarEvent> = {}): CalendarEvent => ({
  day: '2027-02-01',
  cloud: 'prod',
  what: 'testing',
  because: 'testing of 2025.1 (Epoxy) to 2026.1 (Gazpacho) begins at the latest',
  ...more,
});

/** Lines as RFC 5545 has them: what was folded is one again. */
const linesOf = (text: string): string[] => text.replaceAll(/\r\n[ \t]/g, '').split('\r\n');
const valuesOf = (text: string, name: string): string[] =>
  linesOf(text).flatMap((line) =>
    line.split(/[;:]/)[0] === name ? [line.slice(line.indexOf(':') + 1)] : [],
  );

test('an event is a whole day, in UTC', async () => {
  const text = await calendarFile([event()], { now: NOW });
  expect(linesOf(text)).toContain('DTSTART;VALUE=DATE:20270201');
  expect(valuesOf(text, 'DTSTAMP')).toEqual(['20261130T120000Z']);
  expect(valuesOf(text, 'SUMMARY')).toEqual(['prod: testing']);
  expect(linesOf(text).filter((line) => line === 'BEGIN:VALARM')).toEqual([]);
});

test('it is the same event when its day moves, and another one for another cloud or part', async () => {
  const uidOf = async (more: Partial<CalendarEvent>) =>
    valuesOf(await calendarFile([event(more)], { now: NOW }), 'UID')[0];
  const uid = await uidOf({});
  expect(await uidOf({ day: '2027-03-01', because: 'later' })).toBe(uid);
  expect(await uidOf({ cloud: 'prod-2' })).not.toBe(uid);
  expect(await uidOf({ what: 'planning' })).not.toBe(uid);
});

test('it reminds before its day', async () => {
  const text = await calendarFile([event()], { now: NOW, remindBefore: '14d' });
  expect(valuesOf(text, 'TRIGGER')).toEqual(['-P14D']);
});

test('names of clouds make no lines and no properties of their own', async () => {
  const cloud = 'a\r\nBEGIN:VALARM\r\nx,y;z\\\u001B[2J';
  const text = await calendarFile([event({ cloud })], { now: NOW, name: 'x\nMETHOD:CANCEL' });
  expect(linesOf(text).filter((line) => /^(?:BEGIN:VALARM|METHOD)/.test(line))).toEqual([]);
  expect(text).not.toContain('\u001B');
});

test('what is no day is refused by its place', async () => {
  await expect(calendarFile([event(), event({ day: 'soon' })])).rejects.toMatchObject({
    field: 'events.1.day',
  });
});
