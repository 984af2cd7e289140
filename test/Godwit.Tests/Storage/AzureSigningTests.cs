using System.Security.Cryptography;
using System.Text;
using Godwit.Faults;
using Godwit.Storage.AzureBlob;

namespace Godwit.Tests.Storage;

/// <summary>What is signed, letter by letter, as Microsoft's documentation writes it. Azurite checks the rest: that the
/// service agrees.</summary>
public sealed class AzureSigningTests
{
    private static readonly Secret KeyText =
        new(Convert.ToBase64String(Encoding.ASCII.GetBytes("a key of an account")));

    // https://learn.microsoft.com/en-us/rest/api/storageservices/authorize-with-shared-key (the two examples of
    // "Constructing the signature string")
    [Theory]
    [InlineData("GET", "https://myaccount.blob.core.windows.net/mycontainer?restype=container&comp=metadata&timeout=20",
        "x-ms-version: 2015-02-21|x-ms-date: Fri, 26 Jun 2015 23:39:12 GMT", 0,
        "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n"
        + "/myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20")]
    [InlineData("PUT", "https://myaccount.blob.core.windows.net/mycontainer/hello.txt",
        "Content-Type: text/plain; charset=UTF-8|x-ms-date: Sun, 20 Sep 2009 20:36:40 GMT|x-ms-meta-m2: "
        + "v2|x-ms-meta-m1: v1", 11,
        "PUT\n\n\n11\n\ntext/plain; charset=UTF-8\n\n\n\n\n\n\nx-ms-date:Sun, 20 Sep 2009 20:36:40 GMT\n"
        + "x-ms-meta-m1:v1\nx-ms-meta-m2:v2\n/myaccount/mycontainer/hello.txt")]
    [InlineData("GET", "http://127.0.0.1:10000/myaccount/mycontainer/a%20b%2B?comp=blocklist&prefix=x%2Fy",
        "Range: bytes=4-|If-Match: \"0x8\"", 0,
        "GET\n\n\n\n\n\n\n\n\"0x8\"\n\n\nbytes=4-\n/myaccount/myaccount/mycontainer/a%20b%2B\n"
        + "comp:blocklist\nprefix:x/y")]
    public void A_request_is_signed_as_documented(string method, string url, string headers, int bytes, string expected)
    {
        var sent = headers.Split('|')
            .ToDictionary(one => one.Split(": ", 2)[0], one => one.Split(": ", 2)[1], StringComparer.OrdinalIgnoreCase);

        Assert.Equal(expected, SharedKeySignature.TextToSign("myaccount", method, new Uri(url), sent, bytes));
        Assert.Equal(
            $"SharedKey myaccount:{Hmac(expected)}",
            SharedKeySignature.Authorization(AccountKey.Read("myaccount", KeyText, "a test"), method,
                new Uri(url), sent, bytes));
    }

    // https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas#version-2020-12-06-and-later
    [Fact]
    public void A_link_signed_by_the_account_is_signed_as_documented()
    {
        var sas = Sas();
        const string Expected = "r\n2026-11-21T12:00:00Z\n2026-11-21T13:05:09Z\n/blob/myaccount/dumps/a b/ü+.dump\n\n\n"
            + "https\n2021-12-02\nb\n\n\n\n\n\n\n";

        Assert.Equal(Expected, sas.TextToSign());
        Assert.Equal(
            "sv=2021-12-02&spr=https&st=2026-11-21T12%3A00%3A00Z&se=2026-11-21T13%3A05%3A09Z&sr=b&sp=r&"
            + $"sig={Uri.EscapeDataString(Hmac(Expected))}",
            sas.Query(AccountKey.Read("myaccount", KeyText, "a test")).Reveal());
    }

    // https://learn.microsoft.com/en-us/rest/api/storageservices/create-user-delegation-sas, version 2020-12-06
    [Fact]
    public void A_link_signed_through_a_login_is_signed_as_documented_and_names_its_key()
    {
        var key = AzureBlobXml.DelegationKey(
            """
            <?xml version="1.0" encoding="utf-8"?><UserDelegationKey><SignedOid>oid-1</SignedOid>
            <SignedTid>tid-2</SignedTid><SignedStart>2026-11-21T12:00:00Z</SignedStart>
            <SignedExpiry>2026-11-21T13:05:09Z</SignedExpiry><SignedService>b</SignedService>
            <SignedVersion>2021-12-02</SignedVersion><Value>{0}</Value></UserDelegationKey>
            """.Replace("{0}", KeyText.Reveal(), StringComparison.Ordinal), "myaccount");
        const string Expected = "r\n2026-11-21T12:00:00Z\n2026-11-21T13:05:09Z\n/blob/myaccount/dumps/a b/ü+.dump\n"
            + "oid-1\ntid-2\n2026-11-21T12:00:00Z\n2026-11-21T13:05:09Z\nb\n2021-12-02\n"
            + "\n\n\n\nhttps\n2021-12-02\nb\n\n\n\n\n\n\n";

        Assert.Equal(Expected, Sas().TextToSign(key));
        Assert.Contains("&skoid=oid-1&sktid=tid-2&skt=2026-11-21T12%3A00%3A00Z&ske=2026-11-21T13%3A05%3A09Z&sks=b&"
            + "skv=2021-12-02&sr=b&sp=r&sig=", Sas().Query(key).Reveal(), StringComparison.Ordinal);
        Assert.EndsWith(Uri.EscapeDataString(Hmac(Expected)), Sas().Query(key).Reveal(), StringComparison.Ordinal);
        Assert.DoesNotContain(KeyText.Reveal(), key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_have_names_of_one_length_that_say_whose_they_are()
    {
        var (mine, yours) = (new BlockIds(), new BlockIds());

        Assert.Single(new[] { mine.Of(1), mine.Of(50_000), yours.Of(7) }.Select(id => id.Length).Distinct());
        Assert.Equal(mine.Upload, BlockIds.UploadOf(mine.Of(12)));
        Assert.NotEqual(mine.Upload, yours.Upload);
        foreach (var foreign in new[]
        {
            "", "AAAA", "not base64", Convert.ToBase64String(new byte[24]), Convert.ToBase64String("godwit"u8),
        })
            Assert.Equal("", BlockIds.UploadOf(foreign));
    }

    private static BlobSas Sas() => new(
        "myaccount", "dumps", "a b/ü+.dump",
        new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2026, 11, 21, 14, 5, 9, TimeSpan.FromHours(1)), "https");

    private static string Hmac(string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(KeyText.Reveal()),
            Encoding.UTF8.GetBytes(text)));
}
