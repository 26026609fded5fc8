import { describe, expect, it } from 'vitest';
import type { FunctionEntry, Trigger } from '../function-list/function-list.ts';
import { aFunction } from '../testing/functions.ts';
import { splitTarget } from './request-target.ts';
import { createRouter } from './routes.ts';

const entry = (name: string, trigger: Trigger): FunctionEntry => aFunction({ name, triggers: [trigger] });
const http = (paths: readonly string[], takesUnknownPaths: boolean): Trigger => ({
  kind: 'http',
  paths,
  takesUnknownPaths,
});

const route = createRouter([
  entry('register', http(['/register', '/register/*', '/admin/*'], true)),
  entry('health', http(['/admin/health', '/admin/health/*'], false)),
  entry('cycle', {
    kind: 'cron',
    cycle: 'notify',
    scheduleSetting: 'S',
    intervalSetting: 'I',
    modes: ['all'],
  }),
]);

describe('the routes of the gateway', () => {
  it.each([
    ['/register', 'register'],
    ['/register/abc', 'register'],
    ['/register/', 'register'],
    ['/registered', 'register'],
    ['/', 'register'],
    ['/admin/flush', 'register'],
    ['/admin/health', 'health'],
    ['/admin/health/live', 'health'],
    ['/admin/healthy', 'register'],
    ['/cycle', 'register'],
    ['/functionsx/cycle', 'register'],
    ['/functions', 'register'],
    ['//functions/cycle', 'register'],
  ])('hand %s to %s with its whole path', (path, name) => {
    expect(route(path)).toEqual({ kind: 'triggered', name, path });
  });

  it.each([
    ['/functions/cycle', 'cycle', '/'],
    ['/functions/cycle/', 'cycle', '/'],
    ['/functions/cycle/now', 'cycle', '/now'],
    ['/functions/register/register/a%2Fb', 'register', '/register/a%2Fb'],
  ])('hand %s to %s by its name, as %s', (path, name, inner) => {
    expect(route(path)).toEqual({ kind: 'direct', name, path: inner, signed: false });
  });

  it.each([
    ['/functions/nope', 'nope'],
    ['/functions/', ''],
    ['/functions/..%2fcycle', '..%2fcycle'],
  ])('know no function for %s', (path, name) => {
    expect(route(path)).toEqual({ kind: 'no-such-function', name });
  });
});

describe('a request target', () => {
  it.each([
    ['/a?b=c', '/a', 'b=c'],
    ['/a', '/a', ''],
    ['/a?', '/a', ''],
    ['?x', '/', 'x'],
    ['/a?b?c', '/a', 'b?c'],
    ['http://host:80/a?b', '/a', 'b'],
    ['http://host', '/', ''],
    ['//a', '//a', ''],
    ['*', '*', ''],
  ])('%s is split into %s and %s', (target, path, query) => {
    expect(splitTarget(target)).toEqual({ path, query });
  });
});
