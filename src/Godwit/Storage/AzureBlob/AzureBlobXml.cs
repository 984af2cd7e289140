using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Godwit.Storage.AzureBlob;

internal static class AzureBlobXml
{
    /// <summary>Both are empty when the text is no error of the service, such as a proxy's page.</summary>
    public static (string Code, string Message) Error(string xml)
    {
        try
        {
            // Some answers start with one or two byte order marks.
            var root = xml.Contains("<Error", StringComparison.Ordinal) ? Read(xml) : null;
            return (root?.Element("Code")?.Value.Trim() ?? "",
                root?.Element("Message")?.Value.Split('\n')[0].Trim() ?? "");
        }
        catch (XmlException)
        {
            return ("", "");
        }
    }

    /// <summary>https://learn.microsoft.com/en-us/rest/api/storageservices/list-blobs#response-body</summary>
    public static BlobPage Page(string xml)
    {
        var root = Read(xml);
        var next = root.Element("NextMarker")?.Value;
        return new([.. root.Element("Blobs")?.Elements("Blob").Select(Blob) ?? []],
            string.IsNullOrEmpty(next) ? null : next);
    }

    /// <summary>https://learn.microsoft.com/en-us/rest/api/storageservices/get-block-list#response-body</summary>
    public static (IReadOnlyList<Block> Committed, IReadOnlyList<Block> Uncommitted) BlockList(string xml)
    {
        var root = Read(xml);
        return (Blocks("CommittedBlocks"), Blocks("UncommittedBlocks"));
        List<Block> Blocks(string name) =>
            [.. root.Element(name)?.Elements("Block")
                .Select(one => new Block(one.Element("Name")?.Value ?? "", Number(one.Element("Size")))) ?? []];
    }

    /// <param name="kind">Where the service looks for each block: <c>Latest</c> takes the one sent last,
    /// <c>Committed</c> the object's own.</param>
    public static string ToCommit(string kind, IEnumerable<string> ids)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        foreach (var id in ids)
            text.Append('<').Append(kind).Append('>').Append(id).Append("</").Append(kind).Append('>');
        return text.Append("</BlockList>").ToString();
    }

    public static string KeyInfo(DateTimeOffset from, DateTimeOffset to) =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?><KeyInfo><Start>{BlobSas.Time(from)}</Start>"
        + $"<Expiry>{BlobSas.Time(to)}</Expiry></KeyInfo>";

    public static UserDelegationKey DelegationKey(string xml, string account)
    {
        var root = Read(xml);
        return new(
            Text("SignedOid"), Text("SignedTid"), Time("SignedStart"), Time("SignedExpiry"), Text("SignedService"),
            Text("SignedVersion"), AccountKey.Read(account, new(Text("Value")), "the answer of the service"));
        string Text(string name) => root.Element(name)?.Value ?? "";
        DateTimeOffset Time(string name) =>
            DateTimeOffset.Parse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    private static ListedBlob Blob(XElement blob)
    {
        var name = blob.Element("Name");
        var properties = blob.Element("Properties");
        return new(
            name?.Attribute("Encoded")?.Value == "true" ? Uri.UnescapeDataString(name.Value) : name?.Value ?? "",
            Number(properties?.Element("Content-Length")),
            // Without quotes here, and in quotes everywhere else.
            $"\"{properties?.Element("Etag")?.Value.Trim('"')}\"",
            Time(properties?.Element("Last-Modified")) ?? Time(properties?.Element("Creation-Time")),
            (blob.Element("Metadata")?.Elements() ?? [])
                .ToDictionary(one => one.Name.LocalName, one => one.Value, StringComparer.OrdinalIgnoreCase))
        {
            VersionId = blob.Element("VersionId")?.Value,
            IsCurrentVersion = blob.Element("IsCurrentVersion")?.Value == "true",
            DeletedDaysLeft = blob.Element("Deleted")?.Value == "true"
                ? (int)Number(properties?.Element("RemainingRetentionDays"))
                : null,
        };
    }

    private static DateTimeOffset? Time(XElement? text) =>
        DateTimeOffset.TryParse(text?.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : null;

    private static long Number(XElement? text) =>
        long.TryParse(text?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static XElement Read(string xml) =>
        XElement.Parse(xml[Math.Max(xml.IndexOf('<', StringComparison.Ordinal), 0)..], LoadOptions.PreserveWhitespace);
}

/// <param name="Next">Null on the last page.</param>
internal sealed record BlobPage(IReadOnlyList<ListedBlob> Blobs, string? Next);

/// <param name="At">Null: unknown.</param>
internal sealed record ListedBlob(
    string Name, long SizeBytes, string ETag, DateTimeOffset? At, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Null: the account keeps no versions, or the list was made without them.</summary>
    public string? VersionId { get; init; }

    public bool IsCurrentVersion { get; init; }

    /// <summary>How many more days soft delete keeps the blob. Null: it is not deleted.</summary>
    public int? DeletedDaysLeft { get; init; }
}

/// <param name="ETag">Of the object that the blocks belong to.</param>
internal sealed record BlobBlocks(string ETag, IReadOnlyList<Block> Committed, IReadOnlyList<Block> Uncommitted);

internal sealed record Block(string Id, long SizeBytes);
