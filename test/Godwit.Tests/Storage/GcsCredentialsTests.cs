using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Gcs;

namespace Godwit.Tests.Storage;

/// <summary>Where credentials for Google Cloud Storage are looked for, and what is said when they are missing, halved
/// or broken.</summary>
public sealed class GcsCredentialsTests : IDisposable
{
    private const string Mark = "s3cr3t-mark-of-the-key";

    private static readonly string Pem = MakePem();

    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-gcs-").FullName;
    private readonly Dictionary<string, string> _variables = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public GcsCredentialsTests() => _variables["HOME"] = _folder;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Without_any_the_fault_names_every_variable_and_file_that_was_looked_for()
    {
        var fault = await FaultAsync();

        Assert.Equal("storage.gcs_credentials_missing", fault.Code);
        foreach (var name in new[]
        {
            "GS_ACCESS_KEY_ID", "GS_SECRET_ACCESS_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "S3_ACCESS_KEY_ID",
            "S3_SECRET_ACCESS_KEY",
            Path.Combine(_folder, ".config", "gcloud", "application_default_credentials.json"),
        })
        {
            Assert.Contains(name, fault.Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_made_for_this_service_comes_before_what_is_for_several()
    {
        WriteKey(Path.Combine(_folder, ".config", "gcloud", "application_default_credentials.json"),
            account: "known@example.com");
        Assert.Equal("known@example.com", await FoundAsync());
        (_variables["S3_ACCESS_KEY_ID"], _variables["S3_SECRET_ACCESS_KEY"]) = ("any", Mark);
        Assert.Equal("any", await FoundAsync());
        _variables["GOOGLE_APPLICATION_CREDENTIALS"] = WriteKey(Path.Combine(_folder, "key.json"),
            account: "said@example.com");
        Assert.Equal("said@example.com", await FoundAsync());
        (_variables["GS_ACCESS_KEY_ID"], _variables["GS_SECRET_ACCESS_KEY"]) = ("GOOG1E", Mark);
        Assert.Equal("GOOG1E", await FoundAsync());
    }

    [Fact]
    public async Task Gclouds_folder_is_where_its_variable_says()
    {
        _variables["CLOUDSDK_CONFIG"] = Path.Combine(_folder, "elsewhere");
        WriteKey(Path.Combine(_folder, "elsewhere", "application_default_credentials.json"),
            account: "elsewhere@example.com");

        Assert.Equal("elsewhere@example.com", await FoundAsync());
    }

    [Theory]
    [InlineData("GS_ACCESS_KEY_ID", "GS_SECRET_ACCESS_KEY")]
    [InlineData("GS_SECRET_ACCESS_KEY", "GS_ACCESS_KEY_ID")]
    [InlineData("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")]
    public async Task Half_a_key_is_told_with_the_half_that_is_missing(string set, string missing)
    {
        _variables[set] = Mark;

        var fault = await FaultAsync();

        Assert.Equal("storage.gcs_keys_incomplete", fault.Code);
        Assert.Contains($"{set} is set but {missing} is not", fault.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("authorized_user")]
    [InlineData("external_account")]
    [InlineData("impersonated_service_account")]
    public async Task Credentials_without_a_key_of_their_own_are_told_why_they_are_no_use(string type)
    {
        _variables["GOOGLE_APPLICATION_CREDENTIALS"] = Write("adc.json",
            new JsonObject { ["type"] = type, ["refresh_token"] = Mark }.ToJsonString());

        var fault = await FaultAsync();

        Assert.Equal("storage.gcs_cannot_sign", fault.Code);
        Assert.Contains(type, fault.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json " + Mark)]
    [InlineData("[\"" + Mark + "\"]")]
    [InlineData("{\"private_key\": \"" + Mark)]
    [InlineData("{\"type\": \"service_account\", \"private_key\": \"" + Mark + "\"}")]
    [InlineData("{\"type\": \"service_account\", \"client_email\": \"a@b.c\", \"private_key\": \"" + Mark + "\"}")]
    [InlineData("{\"type\": \"service_account\", \"client_email\": \"a@b.c\", \"private_key\": "
        + "\"-----BEGIN PRIVATE KEY-----\\n" + Mark + "\\n-----END PRIVATE KEY-----\"}")]
    [InlineData("{\"type\": 7, \"client_email\": {}, \"private_key\": \"" + Mark + "\"}")]
    public async Task A_malformed_key_file_is_told_without_a_word_of_what_it_holds(string content)
    {
        _variables["GOOGLE_APPLICATION_CREDENTIALS"] = Write("key.json", content);

        var thrown = await Assert.ThrowsAsync<FaultException>(() => FindAsync());

        Assert.Equal("storage.gcs_key_file_malformed", thrown.Fault.Code);
        Assert.DoesNotContain(Mark, thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_would_send_what_it_signs_in_the_clear_is_refused()
    {
        _variables["GOOGLE_APPLICATION_CREDENTIALS"] = WriteKey(Path.Combine(_folder, "key.json"),
            tokenUri: "http://oauth2.example.com/token");

        Assert.Equal("storage.gcs_key_file_malformed", (await FaultAsync()).Code);
    }

    [Fact]
    public async Task A_file_that_is_not_there_too_large_or_a_folder_is_told()
    {
        _variables["GOOGLE_APPLICATION_CREDENTIALS"] = Path.Combine(_folder, "nowhere", "key.json");
        Assert.Equal("storage.gcs_key_file_missing", (await FaultAsync()).Code);
        _variables["GOOGLE_APPLICATION_CREDENTIALS"] = Write("huge.json", new string(' ', 100_000));
        Assert.Equal("storage.gcs_key_file_malformed", (await FaultAsync()).Code);
        _variables["GOOGLE_APPLICATION_CREDENTIALS"] = _folder;
        Assert.Contains((await FaultAsync()).Code,
            new[] { "storage.gcs_key_file_missing", "storage.gcs_key_file_unreadable" });
    }

    [Theory]
    [InlineData("https://storage-vpc.p.googleapis.com/storage/v1/", "https://storage-vpc.p.googleapis.com", true)]
    [InlineData("http://127.0.0.1:4443", "http://127.0.0.1:4443", true)]
    [InlineData("http://storage.example.com", "http://storage.example.com", false)]
    [InlineData("storage.example.com", "storage.example.com", false)]
    public void Another_address_of_the_service_is_taken_when_what_goes_there_cannot_be_read_on_the_way(
        string said, string endpoint, bool isGood)
    {
        _variables["CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE"] = said;
        var options = Options();

        Assert.Equal(endpoint, options.Endpoint);
        Assert.Equal(isGood, !options.Problems().Any());
    }

    private static string MakePem()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private GcsOptions Options() => GcsOptions.FromEnvironment(name => _variables.GetValueOrDefault(name));

    private Task<GcsCredentials> FindAsync() => GcsCredentials.FindAsync(Options(), Ct);

    private async Task<Fault> FaultAsync() => (await Assert.ThrowsAsync<FaultException>(FindAsync)).Fault;

    private async Task<string> FoundAsync() => await FindAsync() switch
    {
        GcsCredentials.Hmac hmac => hmac.Keys.Id,
        GcsCredentials.Account account => account.Key.Account,
        _ => "nothing",
    };

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static string WriteKey(
        string path, string account = "a@example.com", string tokenUri = "https://oauth2.googleapis.com/token")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, new JsonObject
        {
            ["type"] = "service_account",
            ["project_id"] = "p",
            ["private_key_id"] = "1",
            ["private_key"] = Pem,
            ["client_email"] = account,
            ["token_uri"] = tokenUri,
        }.ToJsonString());
        return path;
    }
}
