export { calendarFile, type CalendarFileOptions } from './fleet/calendar-file.ts';
export { calendarText, type CalendarEvent, type CalendarOptions, upgradeCalendar } from './fleet/calendar.ts';
export { fleetText } from './fleet/fleet-text.ts';
export {
  type Fleet,
  type FleetCloud,
  type FleetMember,
  surveyFleet,
  type SurveyFleetOptions,
} from './fleet/survey-fleet.ts';
