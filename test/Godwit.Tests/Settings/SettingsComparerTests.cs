using Godwit.Heroku;
using Godwit.Settings;

namespace Godwit.Tests.Settings;

public sealed class SettingsComparerTests
{
    private static HerokuSide Standard(params (string Name, string Value)[] keys) =>
        new("shop-app", "postgresql-round-1", "standard-0",
            keys.ToDictionary(key => key.Name, key => new HerokuSetting(key.Value), StringComparer.Ordinal), "");

    private static HerokuSide Essential { get; } = new("shop-app", "postgresql-round-1", "essential-1", Keys: null,
        "Heroku has a pg:settings key for it, but not on the plan essential-1");

    [Fact]
    public void What_the_database_has_for_its_sessions_is_carried_with_the_statement_for_it()
    {
        var only = new TwoServers().With("statement_timeout", "user", "0", "0", "integer", "ms")
            .Stored(null, "statement_timeout", "30s").Only();

        Assert.Equal(SettingKind.Carried, only.Kind);
        Assert.Equal("ALTER DATABASE \"d123\" SET statement_timeout = '30s';", only.Do);
        Assert.Equal(("30s", "database", "0"), (only.Source, only.SourceFrom, only.Target));
    }

    [Fact]
    public void The_same_value_in_other_words_is_the_same() =>
        Assert.Equal(SettingKind.Same, new TwoServers().With("statement_timeout", "user", "0", "30000", "integer", "ms")
            .Stored(null, "statement_timeout", "0.5min").Only().Kind);

    [Theory]
    [InlineData("statement_timeout", "user", SettingKind.Carried)]
    [InlineData("enable_seqscan", "user", SettingKind.Carried)]
    [InlineData("work_mem", "user", SettingKind.Decided)]
    [InlineData("random_page_cost", "user", SettingKind.Decided)]
    [InlineData("synchronous_commit", "user", SettingKind.Decided)]
    [InlineData("log_lock_waits", "superuser", SettingKind.Decided)]
    [InlineData("shared_buffers", "postmaster", SettingKind.Decided)]
    [InlineData("autovacuum_naptime", "sighup", SettingKind.Decided)]
    [InlineData("server_encoding", "internal", SettingKind.Decided)]
    [InlineData("rds.force_ssl", "user", SettingKind.Noise)]
    [InlineData("data_directory", "postmaster", SettingKind.Noise)]
    [InlineData("ssl_key_file", "sighup", SettingKind.Noise)]
    public void What_a_server_has_for_everybody_is_sorted_by_who_may_change_it_and_whom_it_concerns(
        string name, string context, SettingKind kind)
    {
        var only = new TwoServers().With(name, context, "7", "0").Only();

        Assert.Equal(kind, only.Kind);
        Assert.Equal(kind == SettingKind.Carried, only.Why.Length == 0);
        Assert.Equal(kind == SettingKind.Carried, only.CanBeSet);
    }

    [Fact]
    public void What_somebody_set_for_the_database_is_carried_even_if_the_plan_would_decide() =>
        Assert.Equal(SettingKind.Carried, new TwoServers().With("work_mem", "user", "0", "0", "integer", "kB")
            .Stored(null, "work_mem", "64MB").Only().Kind);

    [Fact]
    public void A_default_that_nobody_changed_is_no_difference_of_the_application()
    {
        var only = new TwoServers().With("jit", "user", "0", "7", leftOrigin: "default").Only();
        Assert.Equal((SettingKind.Decided, "the source never set it"), (only.Kind, only.Why));
    }

    [Theory]
    [InlineData("default_transaction_read_only", "on")]
    [InlineData("role", "boss")]
    [InlineData("default_tablespace", "fast")]
    [InlineData("local_preload_libraries", "spy")]
    public void What_would_harm_the_target_is_never_carried(string name, string text)
    {
        var only = new TwoServers().With(name, "user", "", "").Stored(null, name, text).Only();
        Assert.False(only.CanBeSet, only.Do);
        Assert.NotEqual("", only.Why);
    }

    [Fact]
    public void The_freeze_says_nothing_about_the_application() =>
        Assert.Equal(SettingKind.Noise, new TwoServers().With("default_transaction_read_only", "user", "off", "off",
            "bool").Stored(null, "default_transaction_read_only", "on").Only().Kind);

    [Fact]
    public void A_setting_of_another_version_is_said()
    {
        var only = new TwoServers().OnlyLeft("operator_precedence_warning", "on").Only();
        Assert.Equal((SettingKind.Decided, "PostgreSQL 17 there does not have it"), (only.Kind, only.Why));
    }

    [Fact]
    public void A_word_that_another_version_does_not_take_is_said()
    {
        var only = new TwoServers().With("default_toast_compression", "user", "three", "one", "enum").Only();
        Assert.Equal((SettingKind.Decided, "it can only be one, two, off there"), (only.Kind, only.Why));
    }

    [Fact]
    public void A_made_up_name_is_only_for_a_superuser_to_fix_and_its_value_is_not_shown()
    {
        var rights = new TwoServers().Rights;
        var ordinary = new TwoServers().Stored(null, "app.jwt_secret", "hunter2").Only();
        var super = new TwoServers { Rights = rights with { IsSuperuser = true } }
            .Stored(null, "app.jwt_secret", "hunter2").Only();
        var granted = new TwoServers
        {
            Rights = rights with { Granted = new HashSet<string>(["app.jwt_secret"], StringComparer.Ordinal) },
        }
            .Stored(null, "App.jwt_secret", "hunter2").Only();

        Assert.Equal((SettingKind.Decided, "***"), (ordinary.Kind, ordinary.Source));
        Assert.Equal((SettingKind.Carried, "***", (string?)null), (super.Kind, super.Source, super.Do));
        Assert.Equal((SettingKind.Carried, true), (granted.Kind, granted.CanBeSet));
        Assert.DoesNotContain("hunter2", $"{ordinary}{super}{granted}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_of_the_role_the_application_uses_is_for_everybody_at_a_target_with_one_role()
    {
        var only = new TwoServers().With("lock_timeout", "user", "0", "0", "integer", "ms")
            .Stored(null, "lock_timeout", "1s").Stored("app", "lock_timeout", "5s").Only();
        Assert.Equal("ALTER DATABASE \"d123\" SET lock_timeout = '5s';", only.Do);
        Assert.Equal("role app", only.SourceFrom);
    }

    [Fact]
    public void What_other_roles_have_is_said_and_not_guessed()
    {
        var servers = new TwoServers().With("lock_timeout", "user", "0", "0", "integer", "ms")
            .Stored("app", "lock_timeout", "5s").Stored("reporting", "lock_timeout", "1min")
            .Stored("twin", "lock_timeout", "5000")
            .Stored("group", "lock_timeout", "9s", canLogIn: false).Stored("rdsadmin", "lock_timeout", "9s");

        Assert.Collection(servers.Compare(),
            one => Assert.Equal((SettingKind.Carried, null), (one.Kind, one.Role)),
            one => Assert.Equal((SettingKind.Decided, "reporting",
                "the target has no such role; is it your application's? --role reporting"), (one.Kind,
                    one.Role, one.Why)));
    }

    [Fact]
    public void A_role_that_is_at_the_target_too_keeps_its_own()
    {
        var rights =
            new TwoServers().Rights with { Roles = new HashSet<string>(["owner", "app"], StringComparer.Ordinal) };
        var servers = new TwoServers { Rights = rights with { MayAlterRoles = true } }
            .With("jit", "user", "on", "on", "bool").Stored("app", "jit", "off");
        var may = servers.Compare().Single(one => one.Role == "app");
        Assert.Equal("ALTER ROLE \"app\" IN DATABASE \"d123\" SET jit = 'off';", may.Do);

        var mayNot = new TwoServers { Rights = rights }.With("jit", "user", "on", "on", "bool")
            .Stored("app", "jit", "off").Compare().Single(one => one.Role == "app");
        Assert.Equal((SettingKind.Decided, "owner may not alter other roles there"), (mayNot.Kind, mayNot.Why));
        Assert.Equal(SettingKind.Same,
            servers.StoredAtTarget("app", "jit", "0").Compare().Single(one => one.Role == "app").Kind);
    }

    [Theory]
    [InlineData("log_min_duration_statement", "250", "integer", "2000",
        "heroku pg:settings:log-min-duration-statement postgresql-round-1 250 --app shop-app")]
    [InlineData("log_statement", "mod", "string", "ddl",
        "heroku pg:settings:log-statement postgresql-round-1 mod --app shop-app")]
    [InlineData("log_lock_waits", "on", "bool", "false",
        "heroku pg:settings:log-lock-waits postgresql-round-1 true --app shop-app")]
    [InlineData("auto_explain.log_analyze", "on", "bool", "false",
        "heroku pg:settings:auto-explain:log-analyze postgresql-round-1 true --app shop-app")]
    public void What_Heroku_has_a_key_for_is_a_command(
        string name, string left, string type, string now, string command)
    {
        var only = new TwoServers { Heroku = Standard((name, now)) }
            .With(name, "superuser", left, "0", type, type == "integer" ? "ms" : null).Only();
        Assert.Equal((SettingKind.Heroku, command, "heroku"), (only.Kind, only.Do, only.TargetFrom));
    }

    [Fact]
    public void What_Heroku_has_already_is_the_same_whatever_the_session_shows() =>
        Assert.Equal(SettingKind.Same, new TwoServers { Heroku = Standard(("log_connections", "true")) }
            .With("log_connections", "superuser-backend", "on", "off", "bool").Only().Kind);

    [Fact]
    public void An_essential_plan_refuses_its_keys_and_that_is_said()
    {
        var only = new TwoServers { Heroku = Essential }
            .With("log_lock_waits", "superuser", "on", "off", "bool").Only();
        Assert.Equal((SettingKind.Decided, "Heroku has a pg:settings key for it, but not on the plan essential-1"),
            (only.Kind, only.Why));
    }

    [Fact]
    public void A_value_that_Heroku_does_not_offer_is_said()
    {
        var only = new TwoServers { Heroku = Standard(("log_min_error_statement", "error")) }
            .With("log_min_error_statement", "superuser", "warning", "error").Only();
        Assert.Equal((SettingKind.Decided, "Heroku takes only error, log, fatal, panic for it"), (only.Kind, only.Why));
    }

    [Fact]
    public void Plans_explained_at_the_source_need_the_module_loaded_at_Heroku()
    {
        var servers =
            new TwoServers { Heroku = Standard(("auto_explain", "false"), ("auto_explain.log_min_duration", "-1")) }
                .With("auto_explain.log_min_duration", "superuser", "500", "-1", "integer", "ms");
        Assert.Equal(["heroku pg:settings:auto-explain postgresql-round-1 true --app shop-app",
            "heroku pg:settings:auto-explain:log-min-duration postgresql-round-1 500 --app shop-app"],
            servers.Compare().Select(one => one.Do!));
    }

    [Fact]
    public void A_key_that_the_source_never_set_is_left_to_Heroku() =>
        Assert.Equal(SettingKind.Decided, new TwoServers { Heroku = Standard(("log_lock_waits", "true")) }
            .With("log_lock_waits", "superuser", "off", "on", "bool", leftOrigin: "default").Only().Kind);

    [Fact]
    public void Kinds_come_in_the_order_of_what_can_be_done() => Assert.Equal(
        [SettingKind.Carried, SettingKind.Heroku, SettingKind.Decided, SettingKind.Noise, SettingKind.Same],
        new TwoServers { Heroku = Standard(("log_statement", "ddl")) }
            .With("port", "postmaster", "5433", "5432").With("jit", "user", "on", "off", "bool")
            .With("log_statement", "superuser", "mod", "ddl")
            .With("shared_buffers", "postmaster", "7", "8").With("xmloption", "user", "content", "content").Compare()
            .Select(one => one.Kind));
}
