export { rabbitSource, type RabbitSourceOptions } from '@groundcrew/monitoring/events';
