using Godwit.Faults;

namespace Godwit.Storage;

public abstract partial record StoreAddress
{
    /// <param name="Prefix">Empty, or without slashes at either end.</param>
    public sealed record S3(string Bucket, string Prefix) : StoreAddress
    {
        // AWS allows 3 to 63; older buckets and other services have up to 255.
        private const int BucketLengthMin = 3;
        private const int BucketLengthMax = 255;

        public override string ToString() => Prefix.Length == 0 ? $"s3://{Bucket}" : $"s3://{Bucket}/{Prefix}";

        internal static S3 Read(string rest)
        {
            var (bucket, prefix) = Split(rest);
            if (bucket.Length is < BucketLengthMin or > BucketLengthMax)
                throw new FaultException(StorageFaults.AddressMalformed("s3://" + rest, "the bucket's name must have 3 to 255 characters"));
            if (!bucket.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
                throw new FaultException(StorageFaults.AddressMalformed(
                    "s3://" + rest, "a bucket's name holds only letters, digits, dots, hyphens and underscores"));
            if (prefix.Length > 0)
                ObjectKey.Check(prefix);
            return new(bucket, prefix);
        }
    }
}
