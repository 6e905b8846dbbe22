export { rabbitSource, type RabbitSourceOptions } from './trail/sources/rabbit.ts';
