using Azure.Core;
using Azure.Identity;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.AzureBlob;

namespace Godwit.Tests.Storage;

/// <summary>Which credentials count, and what is said when they cannot.</summary>
public sealed class AzureCredentialTests
{
    private const string Key = "c2VjcmV0IGtleQ==";

    private static readonly StoreAddress.AzureBlob Address = new("contoso", "dumps", "");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_first_of_connection_string_key_SAS_and_login_counts()
    {
        var variables = new Dictionary<string, string>
        {
            ["AZURE_STORAGE_CONNECTION_STRING"] = "DefaultEndpointsProtocol=https;AccountName=contoso;"
                + $"AccountKey={Key};EndpointSuffix=core.usgovcloudapi.net",
            ["AZURE_STORAGE_KEY"] = Key,
            ["AZURE_STORAGE_SAS_TOKEN"] = "?sv=1&sig=x%3D",
        };

        var first = Assert.IsType<AzureCredential.SharedKey>(Find(variables));
        Assert.Equal(("https://contoso.blob.core.usgovcloudapi.net", "AZURE_STORAGE_CONNECTION_STRING"),
            (first.Endpoint, first.Origin));
        variables.Remove("AZURE_STORAGE_CONNECTION_STRING");
        var second = Assert.IsType<AzureCredential.SharedKey>(Find(variables));
        Assert.Equal(("https://contoso.blob.core.windows.net", "AZURE_STORAGE_KEY"), (second.Endpoint, second.Origin));
        variables["AZURE_STORAGE_KEY"] = " ";
        var third = Assert.IsType<AzureCredential.Sas>(Find(variables));
        Assert.Equal(("sv=1&sig=x%3D", "AZURE_STORAGE_SAS_TOKEN"), (third.Token.Reveal(), third.Origin));
        variables.Remove("AZURE_STORAGE_SAS_TOKEN");
        Assert.IsType<AzureCredential.Login>(Find(variables));
    }

    [Theory]
    [InlineData("BlobEndpoint=https://contoso.blob.core.windows.net/;SharedAccessSignature=sv=2021-12-02&ss=b&sig=a%3D",
        "https://contoso.blob.core.windows.net", "sv=2021-12-02&ss=b&sig=a%3D")]
    [InlineData("AccountName=contoso;SharedAccessSignature=?sv=1&sig=b", "https://contoso.blob.core.windows.net",
        "sv=1&sig=b")]
    [InlineData("BlobEndpoint=https://blobs.example.com/contoso;SharedAccessSignature=sig=c",
        "https://blobs.example.com/contoso", "sig=c")]
    public void A_connection_string_may_hold_a_SAS_and_its_endpoint(string text, string endpoint, string token)
    {
        var found = Assert.IsType<AzureCredential.Sas>(Find(new() { ["AZURE_STORAGE_CONNECTION_STRING"] = text }));

        Assert.Equal((endpoint, token), (found.Endpoint, found.Token.Reveal()));
    }

    [Fact]
    public void An_endpoint_that_was_said_wins_over_all_others()
    {
        var options = AzureBlobOptions.FromEnvironment(name => name switch
        {
            "AZURE_STORAGE_CONNECTION_STRING" =>
                $"AccountName=contoso;AccountKey={Key};BlobEndpoint=https://there.example.com",
            "AZURE_STORAGE_BLOB_ENDPOINT" => "https://here.example.com/",
            _ => null,
        });

        Assert.Equal("https://here.example.com", options.EndpointOf(Address));
        Assert.Equal("https://there.example.com", (options with { Endpoint = null }).EndpointOf(Address));
        Assert.Equal("https://contoso.blob.core.windows.net", new AzureBlobOptions().EndpointOf(Address));
    }

    [Fact]
    public void The_emulator_of_this_machine_is_known_by_its_short_name()
    {
        var found = AzureCredential.Find(
            new("devstoreaccount1", "dumps", ""),
            new AzureBlobOptions { ConnectionString = new("UseDevelopmentStorage=true") });

        Assert.Equal("http://127.0.0.1:10000/devstoreaccount1",
            Assert.IsType<AzureCredential.SharedKey>(found).Endpoint);
    }

    [Theory]
    [InlineData("AccountName=other;AccountKey=" + Key, null, null, "storage.azure_other_account",
        "AZURE_STORAGE_CONNECTION_STRING")]
    [InlineData("BlobEndpoint=https://other.blob.core.windows.net;SharedAccessSignature=sig=x", null, null,
        "storage.azure_other_account", "AZURE_STORAGE_CONNECTION_STRING")]
    [InlineData(null, Key, "other", "storage.azure_other_account", "AZURE_STORAGE_ACCOUNT")]
    [InlineData(null, "not base64 at all!", null, "storage.azure_key_malformed", "AZURE_STORAGE_KEY")]
    [InlineData("AccountName=contoso;AccountKey=hunter2-secret!", null, null, "storage.azure_key_malformed",
        "AZURE_STORAGE_CONNECTION_STRING")]
    [InlineData("hunter2-secret", null, null, "storage.azure_connection_string", "without a name")]
    [InlineData("AccountName=contoso", null, null, "storage.azure_connection_string",
        "neither AccountKey nor SharedAccessSignature")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=contoso;AccountKey=" + Key, null, null,
        "storage.azure_connection_string", "is http")]
    [InlineData("BlobEndpoint=http://blobs.example.com;AccountKey=" + Key, null, null,
        "storage.azure_connection_string", "not an https:// address")]
    public void What_was_set_and_cannot_be_used_is_told_and_not_repeated(
        string? connection, string? key, string? account, string code, string says)
    {
        var variables = new Dictionary<string, string?>
        {
            ["AZURE_STORAGE_CONNECTION_STRING"] = connection, ["AZURE_STORAGE_KEY"] = key,
            ["AZURE_STORAGE_ACCOUNT"] = account,
        };

        var thrown = Assert.Throws<FaultException>(() =>
            AzureCredential.Find(Address, AzureBlobOptions.FromEnvironment(variables.GetValueOrDefault)));

        Assert.Equal((code, FaultKind.Usage), (thrown.Fault.Code, thrown.Fault.Kind));
        Assert.Contains(says, thrown.Fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", thrown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_anything_all_that_was_looked_for_is_listed()
    {
        var fault = await FaultOfAsync(new Tokens(_ =>
            throw new CredentialUnavailableException("nobody is logged in")));

        Assert.Equal("storage.azure_credentials_missing", fault.Code);
        Assert.All(
            ["AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN", "AZURE_CLIENT_ID",
                "managed identity", "`az`"],
            place => Assert.Contains(place, fault.Why, StringComparison.Ordinal));
        Assert.Contains("az login", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_login_is_told_in_the_words_of_the_first_line()
    {
        var fault = await FaultOfAsync(new Tokens(_ =>
            throw new AuthenticationFailedException("AADSTS700082: The refresh token has expired.\nTrace ID: 1")));

        Assert.Equal("storage.azure_login_refused", fault.Code);
        Assert.Contains("AADSTS700082: The refresh token has expired)", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_goes_nowhere_without_TLS()
    {
        using var login = new EntraLogin(new Tokens(_ => "t"), TimeProvider.System);

        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            login.TokenAsync(Address, "http://127.0.0.1:1/contoso", Ct));

        Assert.Equal("storage.azure_token_needs_tls", thrown.Fault.Code);
    }

    [Fact]
    public async Task A_token_is_asked_for_once_and_again_shortly_before_its_end_or_when_it_was_refused()
    {
        var clock = new Clock();
        var asked = 0;
        using var login =
            new EntraLogin(new Tokens(_ => $"token {++asked}", () => clock.Now + TimeSpan.FromMinutes(60)), clock);
        async Task<string> TokenAsync() => (await login.TokenAsync(Address, "https://x", Ct)).Reveal();

        Assert.Equal("token 1", await TokenAsync());
        clock.Now += TimeSpan.FromMinutes(54);
        Assert.Equal("token 1", await TokenAsync());
        clock.Now += TimeSpan.FromMinutes(2);
        Assert.Equal("token 2", await TokenAsync());
        login.Forget();
        Assert.Equal("token 3", await TokenAsync());
    }

    private static AzureCredential Find(Dictionary<string, string> variables) =>
        AzureCredential.Find(Address, AzureBlobOptions.FromEnvironment(variables.GetValueOrDefault));

    private static async Task<Fault> FaultOfAsync(TokenCredential source)
    {
        await using var store = ObjectStores.Open(
            Address, new StoreOptions { AzureBlob = new AzureBlobOptions { Login = source } }, new App.Web.LinkHost(),
            TimeProvider.System);
        return (await Assert.ThrowsAsync<FaultException>(() => store.CheckAsync(Ct))).Fault;
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Tokens(Func<TokenRequestContext, string> give, Func<DateTimeOffset>? end = null)
        : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(give(requestContext), end?.Invoke() ?? DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
