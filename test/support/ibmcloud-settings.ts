/** The settings of a deployment that is complete, with values that nothing else contains. */
export const SECRETS = {
  ADMIN_PASSWORD: 'pass word=#"1\'$x',
  REGISTER_TOKENS: 'register-token-0123456789-abcdefgh',
  ADMIN_TOKENS: 'admin-token-0123456789-abcdefghij',
  cos_apikey: 'cos-api-key-0123456789-abcdefghij',
} as const;

export const SETTINGS: Readonly<Record<string, string>> = {
  ...SECRETS,
  QMGR: 'QM1',
  MQ_REST_HOST: 'https://mq.example.com',
  MQ_REST_PORT: '9443',
  ADMIN_USER: 'observer',
  bucket: 'observer-bucket',
  endpoints: 's3.direct.eu-de.cloud-object-storage.appdomain.cloud',
};
