using Godwit.Faults;

namespace Godwit.Storage;

public abstract partial record StoreAddress
{
    /// <param name="Prefix">Empty, or without slashes at either end.</param>
    public sealed record Gcs(string Bucket, string Prefix) : StoreAddress
    {
        // A name with dots may have up to 222 characters. https://cloud.google.com/storage/docs/buckets#naming
        private const int BucketLengthMin = 3;
        private const int BucketLengthMax = 222;

        public override string ToString() => Prefix.Length == 0 ? $"gs://{Bucket}" : $"gs://{Bucket}/{Prefix}";

        internal static Gcs Read(string rest)
        {
            var (bucket, prefix) = Split(rest);
            if (bucket.Length is < BucketLengthMin or > BucketLengthMax)
                throw new FaultException(StorageFaults.AddressMalformed("gs://" + rest,
                    "the bucket's name must have 3 to 222 characters"));
            if (!bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_'))
                throw new FaultException(StorageFaults.AddressMalformed(
                    "gs://" + rest,
                    "the name of a Google bucket holds only small letters, digits, dots, hyphens and underscores"));
            if (prefix.Length > 0)
                ObjectKey.Check(prefix);
            return new(bucket, prefix);
        }
    }
}
