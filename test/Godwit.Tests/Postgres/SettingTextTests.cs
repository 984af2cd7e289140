using Godwit.Postgres;

namespace Godwit.Tests.Postgres;

public sealed class SettingTextTests
{
    /// <summary>On the left as ALTER DATABASE keeps it, on the right as pg_settings shows it.</summary>
    [Theory]
    [InlineData("bool", null, "on", "on")]
    [InlineData("bool", null, "TRUE", "on")]
    [InlineData("bool", null, "0", "off")]
    [InlineData("enum", null, "Serializable", "serializable")]
    [InlineData("enum", null, "true", "on")]
    [InlineData("integer", "kB", "64MB", "65536")]
    [InlineData("integer", "8kB", "512MB", "65536")]
    [InlineData("integer", "8kB", "65536", "65536")]
    [InlineData("integer", "MB", "1GB", "1024")]
    [InlineData("integer", "ms", "30s", "30000")]
    [InlineData("integer", "ms", "0.5min", "30000")]
    [InlineData("integer", "ms", "1500us", "2")]
    [InlineData("integer", "s", "5min", "300")]
    [InlineData("integer", "min", "1d", "1440")]
    [InlineData("integer", "ms", "-1", "-1")]
    [InlineData("integer", "ms", "0", "0")]
    [InlineData("integer", null, "0x10", "16")]
    [InlineData("integer", null, "0600", "384")]
    [InlineData("real", "ms", "2ms", "2")]
    [InlineData("real", null, "1.10", "1.1")]
    [InlineData("real", null, "1e3", "1000")]
    public void Numbers_and_words_that_mean_the_same_are_the_same(
        string type, string? unit, string one, string other) =>
        AssertSame(new("some_setting", type, unit, []), one, other, isSame: true);

    [Theory]
    [InlineData("bool", null, "on", "off")]
    [InlineData("integer", "kB", "64MB", "64")]
    [InlineData("integer", "8kB", "512MB", "512")]
    [InlineData("integer", "ms", "30s", "30")]
    [InlineData("integer", "ms", "-1", "0")]
    [InlineData("integer", "ms", "30 parsecs", "30000")]
    [InlineData("enum", null, "ddl", "mod")]
    public void Numbers_and_words_that_do_not_are_not(string type, string? unit, string one, string other) =>
        AssertSame(new("some_setting", type, unit, []), one, other, isSame: false);

    [Theory]
    [InlineData("search_path", "\"$user\", public", "\"$user\",public", true)]
    [InlineData("search_path", "Public", "public", true)]
    [InlineData("search_path", "\"Public\"", "public", false)]
    [InlineData("search_path", "a, b", "b, a", false)]
    [InlineData("search_path", "\"a, b\"", "a, b", false)]
    [InlineData("search_path", "\"say \"\"hi\"\"\"", "\"say \"\"hi\"\"\"", true)]
    [InlineData("DateStyle", "ISO, MDY", "iso,mdy", true)]
    [InlineData("DateStyle", "DMY, SQL", "SQL, European", true)]
    [InlineData("DateStyle", "German", "German, DMY", true)]
    [InlineData("DateStyle", "ISO, DMY", "ISO, MDY", false)]
    [InlineData("TimeZone", "Etc/UTC", "UTC", true)]
    [InlineData("TimeZone", "GMT", "Etc/UTC", true)]
    [InlineData("TimeZone", "Europe/Vienna", "europe/vienna", true)]
    [InlineData("TimeZone", "Europe/Vienna", "UTC", false)]
    [InlineData("lc_time", "en_US.UTF-8", "en_US.utf8", true)]
    [InlineData("lc_time", "en_US.UTF-8", "de_DE.UTF-8", false)]
    [InlineData("client_encoding", "utf-8", "UTF8", true)]
    [InlineData("default_text_search_config", "english", "pg_catalog.english", true)]
    [InlineData("app.tenant", "A", "a", false)]
    public void Texts_are_compared_as_their_setting_reads_them(string name, string one, string other, bool isSame) =>
        AssertSame(new(name, "string", null, []), one, other, isSame);

    [Theory]
    [InlineData("integer", "8kB", "16384", "128MB")]
    [InlineData("integer", "kB", "4096", "4MB")]
    [InlineData("integer", "kB", "4097", "4097kB")]
    [InlineData("integer", "kB", "64MB", "64MB")]
    [InlineData("integer", "ms", "30000", "30s")]
    [InlineData("integer", "ms", "1500", "1500ms")]
    [InlineData("integer", "s", "300", "5min")]
    [InlineData("integer", "ms", "86400000", "1d")]
    [InlineData("real", "ms", "0.5", "500us")]
    [InlineData("integer", "ms", "-1", "-1")]
    [InlineData("integer", "ms", "0", "0")]
    [InlineData("integer", null, "100", "100")]
    [InlineData("integer", null, "0600", "0600")]
    [InlineData("bool", null, "true", "on")]
    [InlineData("string", null, "\"$user\", public", "\"$user\", public")]
    public void A_value_is_shown_as_SHOW_prints_it(string type, string? unit, string text, string shown) =>
        Assert.Equal(shown, SettingText.Shown(new("some_setting", type, unit, []), text));

    [Theory]
    [InlineData("statement_timeout", "30s", "statement_timeout = '30s'")]
    [InlineData("search_path", "\"$user\", public", "search_path = '$user', 'public'")]
    [InlineData("search_path", "\"O'Neill\", \"a, b\"", "search_path = 'O''Neill', 'a, b'")]
    [InlineData("search_path", "", "search_path = ''")]
    [InlineData("DateStyle", "SQL, DMY", "DateStyle = 'SQL, DMY'")]
    [InlineData("app.user", @"a\b'c", @"""app"".""user"" = E'a\\b''c'")]
    public void A_statement_is_quoted_as_the_setting_wants_it(string name, string text, string end) =>
        Assert.Equal($"ALTER DATABASE \"my \"\"shop\" SET {end}",
            SettingSql.Whole("my \"shop", role: null, name, text));

    [Fact]
    public void A_role_of_one_database_is_altered_for_that_database() =>
        Assert.Equal("ALTER ROLE \"app\" IN DATABASE \"shop\" SET jit = 'off'",
            SettingSql.Whole("shop", "app", "jit", "off"));

    [Theory]
    [InlineData("app", "--role app")]
    [InlineData("my app", "--role 'my app'")]
    [InlineData("it's $(me)", @"--role 'it'\''s $(me)'")]
    public void A_role_is_named_so_that_a_shell_passes_it_on_whole(string role, string flag) =>
        Assert.Equal(flag, SettingSql.RoleFlag(role));

    [Theory]
    [InlineData("app.jwt_secret", false, true)]
    [InlineData("app.tenant", false, true)]
    [InlineData("app.tenant", true, false)]
    [InlineData("vault.api_key", true, true)]
    [InlineData("auto_explain.log_min_duration", false, false)]
    [InlineData("primary_conninfo", true, true)]
    [InlineData("archive_command", true, true)]
    [InlineData("password_encryption", true, false)]
    [InlineData("tcp_keepalives_idle", true, false)]
    [InlineData("search_path", true, false)]
    public void What_may_hold_a_secret_is_not_shown(string name, bool isDefined, bool isHidden)
    {
        Assert.Equal(isHidden, SettingRules.MayHoldSecret(name, isDefined));
        var value = new SettingValue(SettingShape.Custom(name), "hunter2", isHidden);
        Assert.Equal(isHidden ? "***" : "hunter2", $"{value}");
    }

    private static void AssertSame(SettingShape shape, string one, string other, bool isSame)
    {
        Assert.Equal(isSame, SettingText.Canonical(shape, one) == SettingText.Canonical(shape, other));
        var value = new SettingValue(shape, one, isHidden: true);
        Assert.Equal(isSame, value.HasSameValueAs(new(shape, other, isHidden: true)));
    }
}
