import S3 from 'ibm-cos-sdk/clients/s3.js';

/** Where a server is and who may use it. */
type ServerAccess = Readonly<Record<'endpoint' | 'accessKeyId' | 'secretAccessKey', string>>;

/** The plain client of the SDK for a server that is started for tests. */
export function plainClient(server: ServerAccess, options: S3.ClientConfiguration = {}): S3 {
  return new S3({
    endpoint: server.endpoint,
    region: 'us-east-1',
    s3ForcePathStyle: true,
    signatureVersion: 'v4',
    accessKeyId: server.accessKeyId,
    secretAccessKey: server.secretAccessKey,
    ...options,
  });
}

/** Writes one object: a server may take connections long before it can do that. */
export async function proveWritable(server: ServerAccess): Promise<void> {
  const s3 = plainClient(server, { maxRetries: 0, httpOptions: { connectTimeout: 1_000, timeout: 5_000 } });
  await s3.createBucket({ Bucket: 'readiness' }).promise();
  await s3.putObject({ Bucket: 'readiness', Key: 'first', Body: 'x' }).promise();
}
