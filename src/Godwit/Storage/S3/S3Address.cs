using Godwit.Faults;
using Godwit.Storage.S3;

namespace Godwit.Storage;

public abstract partial record StoreAddress
{
    /// <param name="Prefix">Empty, or without slashes at either end.</param>
    public sealed record S3(string Bucket, string Prefix) : StoreAddress
    {
        // AWS allows 3 to 63; older buckets and other services have up to 255.
        private const int BucketLengthMin = 3;
        private const int BucketLengthMax = 255;

        public S3Service Service { get; init; } = S3Services.Aws;

        /// <summary>Scheme, host and port: <c>https://minio.example.com:9000</c>. Null: not part of the
        /// address.</summary>
        public string? Endpoint { get; init; }

        internal static IEnumerable<(string Scheme, Func<string, StoreAddress> Read)> AllKinds =>
        [
            .. S3Services.Named.Select(service =>
                ($"{service.Scheme}://", (Func<string, StoreAddress>)(rest => Read(service, rest)))),
            ("s3+https://", rest => ReadOther("https", rest)),
            ("s3+http://", rest => ReadOther("http", rest)),
        ];

        public override string ToString()
        {
            var start = Endpoint is null ? $"{Service.Scheme}://{Bucket}" : $"s3+{Endpoint}/{Bucket}";
            return Prefix.Length == 0 ? start : $"{start}/{Prefix}";
        }

        private static S3 Read(S3Service service, string rest) =>
            ReadBucket(service, endpoint: null, $"{service.Scheme}://{rest}", rest);

        private static S3 ReadOther(string scheme, string rest)
        {
            var (host, behind) = Split(rest);
            var text = $"s3+{scheme}://{rest}";
            var endpoint = $"{scheme}://{host}";
            if (host.Length == 0 || !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
                || !StoreOptions.IsWebAddress(endpoint))
                throw new FaultException(StorageFaults.AddressMalformed(text, $"'{host}' is no host or host:port"));
            if (behind.Length == 0)
                throw new FaultException(StorageFaults.AddressMalformed(text, "there is no bucket behind the host"));
            S3Place.RequireTls(uri);
            return ReadBucket(S3Services.Other, endpoint, text, behind);
        }

        private static S3 ReadBucket(S3Service service, string? endpoint, string text, string rest)
        {
            var (bucket, prefix) = Split(rest);
            if (bucket.Length is < BucketLengthMin or > BucketLengthMax)
                throw new FaultException(StorageFaults.AddressMalformed(text,
                    "the bucket's name must have 3 to 255 characters"));
            if (!bucket.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
                throw new FaultException(StorageFaults.AddressMalformed(text,
                    "a bucket's name holds only letters, digits, dots, hyphens and underscores"));
            if (prefix.Length > 0)
                ObjectKey.Check(prefix);
            return new(bucket, prefix) { Service = service, Endpoint = endpoint };
        }
    }
}
