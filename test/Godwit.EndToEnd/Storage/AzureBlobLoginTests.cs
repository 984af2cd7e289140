using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>The contract with a login at Microsoft Entra: tokens go over TLS, and links are signed by a user delegation
/// key. The server looks at what a token claims, and not at who signed it, so a test can write its own.</summary>
public sealed class AzureBlobLoginTests(AzuriteServer azurite) : AzureBlobContract(azurite)
{
    private AzuriteServer? _secured;

    protected override string Prefix => "dumps";

    protected override AzureBlobOptions Options =>
        Server.Options with { Key = null, Login = new Tokens(TimeSpan.FromHours(1)) };

    protected override AzuriteServer Server => _secured!;

    protected override async Task<IObjectStore> OpenStoreAsync()
    {
        _secured = await Azurite.SecuredAsync(Ct);
        return await base.OpenStoreAsync();
    }

    [Fact]
    public async Task A_link_is_signed_by_a_key_of_the_login_and_lives_a_week_at_most()
    {
        var link = await Store.SignAsync("k", TimeSpan.FromDays(30), Ct);

        Assert.Contains("&skoid=", link.Url.Reveal(), StringComparison.Ordinal);
        Assert.InRange(link.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(6.9), TimeSpan.FromDays(7));
    }

    [Fact]
    public async Task A_token_that_is_refused_is_asked_for_anew_once()
    {
        var tokens = new Tokens(TimeSpan.FromHours(-2), TimeSpan.FromHours(1));
        await using var store = Open(Options with { Login = tokens });

        await store.CheckAsync(Ct);

        Assert.Equal(2, tokens.Given);
    }

    [Fact]
    public async Task A_token_that_stays_refused_is_a_fault_without_the_token()
    {
        var tokens = new Tokens(TimeSpan.FromHours(-2));
        await using var store = Open(Options with { Login = tokens });

        var thrown = await Assert.ThrowsAsync<FaultException>(() => store.CheckAsync(Ct));

        Assert.Equal("storage.azure_token_refused", thrown.Fault.Code);
        Assert.DoesNotContain(tokens.Last, thrown.ToString(), StringComparison.Ordinal);
    }

    /// <param name="ends">From now, of one token after the other; the last goes on.</param>
    private sealed class Tokens(params TimeSpan[] ends) : TokenCredential
    {
        public int Given { get; private set; }

        public string Last { get; private set; } = "";

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://storage.azure.com/.default"], requestContext.Scopes);
            var now = TimeProvider.System.GetUtcNow();
            Last = Token(now + ends[Math.Min(Given++, ends.Length - 1)]);
            // Who gives tokens may be wrong about their end.
            return new AccessToken(Last, now.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));

        private static string Token(DateTimeOffset end)
        {
            var tenant = Guid.NewGuid();
            var claims = new Dictionary<string, object>
            {
                ["aud"] = "https://storage.azure.com",
                ["iss"] = $"https://sts.windows.net/{tenant}/",
                ["iat"] = end.AddHours(-6).ToUnixTimeSeconds(),
                ["nbf"] = end.AddHours(-6).ToUnixTimeSeconds(),
                ["exp"] = end.ToUnixTimeSeconds(),
                ["oid"] = Guid.NewGuid().ToString(),
                ["tid"] = tenant.ToString(),
            };
            var head = Part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
            return $"{head}.{Part(JsonSerializer.Serialize(claims))}.{Part("not looked at")}";
        }

        private static string Part(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }
}
