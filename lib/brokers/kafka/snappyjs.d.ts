declare module "snappyjs" {
  const snappy: {
    compress(content: Uint8Array): Uint8Array;
    /** throws when the stream is invalid or states more than maxLength */
    uncompress(compressed: Uint8Array, maxLength?: number): Uint8Array;
  };
  export default snappy;
}
