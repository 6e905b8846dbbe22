// What the service answers: schema and type under one name, for whoever passes it on, stores it or checks a copy of it.
export { Account } from './account.ts';
export { Container, ListedContainer } from './containers.ts';
export { ListedObject, StoredObject } from './objects.ts';
