import { describe, expect, it } from 'vitest';
import { regionOf } from './cos-client.ts';

describe('the location that a signature names', () => {
  it.each([
    ['https://s3.eu-de.cloud-object-storage.appdomain.cloud', 'eu-de'],
    ['https://s3.private.us-south.cloud-object-storage.appdomain.cloud', 'us-south'],
    ['https://s3.direct.eu.cloud-object-storage.appdomain.cloud:443', 'eu'],
    ['http://127.0.0.1:7480', 'us-standard'],
    ['https://s3.example.com', 'us-standard'],
    ['https://s3.eu-de.cloud-object-storage.appdomain.cloud.example.com', 'us-standard'],
  ])('of %s is %s', (endpoint, region) => {
    expect(regionOf(endpoint)).toBe(region);
  });
});
