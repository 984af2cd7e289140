using Godwit.Faults;

namespace Godwit.Storage;

public abstract partial record StoreAddress
{
    /// <param name="Account">Also the first label of the host name.</param>
    /// <param name="Prefix">Empty, or without slashes at either end.</param>
    public sealed record AzureBlob(string Account, string Container, string Prefix) : StoreAddress
    {
        private const string Scheme = "azblob://";

        // https://learn.microsoft.com/en-us/azure/storage/common/storage-account-overview#storage-account-name
        private const int AccountLengthMin = 3;
        private const int AccountLengthMax = 24;

        // learn.microsoft.com/en-us/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
        private const int ContainerLengthMin = 3;
        private const int ContainerLengthMax = 63;

        public override string ToString() =>
            Prefix.Length == 0 ? $"{Scheme}{Account}/{Container}" : $"{Scheme}{Account}/{Container}/{Prefix}";

        internal static AzureBlob Read(string rest)
        {
            var (account, behind) = Split(rest);
            var slash = behind.IndexOf('/', StringComparison.Ordinal);
            var container = slash < 0 ? behind : behind[..slash];
            if (Problem(account, container) is { } problem)
                throw new FaultException(AzureBlobFaults.AddressMalformed(Scheme + Redactor.Clean(rest), problem));
            var prefix = slash < 0 ? "" : behind[(slash + 1)..].Trim('/');
            if (prefix.Length > 0)
                ObjectKey.Check(prefix);
            return new(account, container, prefix);
        }

        private static string? Problem(string account, string container)
        {
            if (account.Contains('.', StringComparison.Ordinal))
                return "the account is given by its name alone, without .blob.core.windows.net";
            if (account.Length is < AccountLengthMin or > AccountLengthMax
                || !account.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
                return $"an account's name has {AccountLengthMin} to {AccountLengthMax} lower-case letters and digits";
            if (container.Length == 0)
                return "it names no container";
            if (container.Length is < ContainerLengthMin or > ContainerLengthMax
                || !container.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
                || container.StartsWith('-') || container.EndsWith('-')
                || container.Contains("--", StringComparison.Ordinal))
                return $"a container's name has {ContainerLengthMin} to {ContainerLengthMax} lower-case letters, "
                    + "digits and single hyphens between them";
            return null;
        }
    }
}
