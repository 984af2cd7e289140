using System.Security;
using System.Security.Cryptography;
using System.Text.Json;
using Godwit.Faults;

namespace Godwit.Storage.Gcs;

/// <summary>A service account's key file. Faults never repeat its content.
/// https://cloud.google.com/iam/docs/keys-create-delete</summary>
internal sealed class GcsKeyFile
{
    // Key files have two or three kilobytes; a larger file is something else.
    private const int BytesMax = 64 * 1024;

    private readonly Secret _pem;

    private GcsKeyFile(string path, string account, string keyId, string? project, Uri tokenUri, Secret pem) =>
        (Path, Account, KeyId, Project, TokenUri, _pem) = (path, account, keyId, project, tokenUri, pem);

    public string Path { get; }

    /// <summary>An e-mail address.</summary>
    public string Account { get; }

    public string KeyId { get; }

    /// <summary>The project in which buckets are made.</summary>
    public string? Project { get; }

    public Uri TokenUri { get; }

    /// <exception cref="FaultException">The file is unreadable, no key file, or of a type that cannot sign
    /// links.</exception>
    public static async Task<GcsKeyFile> ReadAsync(string path, CancellationToken ct)
    {
        using var document = Parse(path, await LoadAsync(path, ct));
        var root = document.RootElement;
        var type = Text(root, "type");
        if (type is not null and not "service_account")
            throw new FaultException(GcsFaults.CannotSign(path, type));
        if (type is null || Text(root, "client_email") is not { } account || Text(root, "private_key") is not { } pem)
            throw new FaultException(GcsFaults.KeyFileMalformed(path, "it lacks type, client_email or private_key"));
        var tokenUri = Text(root, "token_uri") ?? "https://oauth2.googleapis.com/token";
        if (!StoreOptions.IsSafeAddress(tokenUri))
            throw new FaultException(GcsFaults.KeyFileMalformed(path,
                "its token_uri is no https:// address, and what goes there must not be read by others"));
        return new(path, account, Text(root, "private_key_id") ?? "", Text(root, "project_id"), new Uri(tokenUri),
            Require(path, pem));
    }

    /// <summary>RSA with SHA-256, for both token requests and links.</summary>
    public byte[] Sign(ReadOnlySpan<byte> what)
    {
        // Imported for each signature: one per hour for a token, and one per link.
        using var key = RSA.Create();
        key.ImportFromPem(_pem.Reveal());
        return key.SignData(what, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static async Task<byte[]> LoadAsync(string path, CancellationToken ct)
    {
        try
        {
            if (new FileInfo(path).Length > BytesMax)
                throw new FaultException(GcsFaults.KeyFileMalformed(path,
                    $"it is larger than {BytesMax / 1024} kB, so it is something else"));
            return await File.ReadAllBytesAsync(path, ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FaultException(GcsFaults.KeyFileMissing(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException
            or ArgumentException or NotSupportedException)
        {
            throw new FaultException(GcsFaults.KeyFileUnreadable(path));
        }
    }

    // The parser's message could repeat a part of the secret text, so it is dropped.
    private static JsonDocument Parse(string path, byte[] content)
    {
        try
        {
            var document = JsonDocument.Parse(content.AsMemory(content is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // Reported below.
        }

        throw new FaultException(GcsFaults.KeyFileMalformed(path, "it holds no JSON object"));
    }

    private static Secret Require(string path, string pem)
    {
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            return new(pem);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new FaultException(GcsFaults.KeyFileMalformed(path, "its private_key is not a whole RSA key"));
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? StoreOptions.NonEmpty(value.GetString()) : null;
}
