using System.Text.RegularExpressions;

namespace Godwit.Postgres;

/// <summary>Classifies settings: of an application, of a machine, or never to be copied.</summary>
public static partial class SettingRules
{
    /// <summary>Set by a freeze; not an application's setting.</summary>
    public const string ReadOnlyDefault = "default_transaction_read_only";

    private static readonly Dictionary<string, string> Never = new(StringComparer.OrdinalIgnoreCase)
    {
        [ReadOnlyDefault] = "it would make the target read-only; a freeze of the source is set so",
        ["role"] = "it names a role of the source",
        ["session_authorization"] = "it names a role of the source",
        ["default_tablespace"] = "it names a tablespace of the source's server",
        ["temp_tablespaces"] = "it names a tablespace of the source's server",
        ["local_preload_libraries"] = "it names a library of the source's server, "
            + "and where that is missing nobody can log in",
        ["session_preload_libraries"] = "it names a library of the source's server, "
            + "and where that is missing nobody can log in",
        ["password_encryption"] = "it is about roles, and those are not carried",
        ["createrole_self_grant"] = "it is about roles, and those are not carried",
    };

    // Not compared between servers.
    private static readonly HashSet<string> Session = new(StringComparer.OrdinalIgnoreCase)
    {
        "application_name", "transaction_isolation", "transaction_read_only", "transaction_deferrable", "is_superuser",
        "role", "session_authorization", "in_hot_standby", "seed",
    };

    // Change how an application's statements behave: copied even if set for the whole server. Others (memory, WAL,
    // workers, disk costs) are copied only if set for the database or a role.
    private static readonly HashSet<string> Application = new(StringComparer.OrdinalIgnoreCase)
    {
        "DateStyle", "IntervalStyle", "TimeZone", "timezone_abbreviations", "default_text_search_config",
        "extra_float_digits", "lc_monetary", "lc_numeric", "lc_time",
        "bytea_output", "check_function_bodies", "client_min_messages", "default_toast_compression",
        "default_transaction_deferrable",
        "default_transaction_isolation", "idle_in_transaction_session_timeout", "idle_session_timeout", "lock_timeout",
        "row_security", "search_path",
        "statement_timeout", "transaction_timeout", "xmlbinary", "xmloption", "gin_fuzzy_search_limit",
        "constraint_exclusion", "cursor_tuple_fraction", "default_statistics_target", "from_collapse_limit", "jit",
        "join_collapse_limit", "plan_cache_mode",
        "recursive_worktable_factor", "array_nulls", "backslash_quote", "escape_string_warning",
        "quote_all_identifiers", "standard_conforming_strings", "synchronize_seqscans", "transform_null_equals",
    };

    // Modules in wide use whose settings hold no secrets.
    private static readonly HashSet<string> Modules =
        new(StringComparer.OrdinalIgnoreCase) { "auto_explain", "pg_stat_statements", "plpgsql", "pg_trgm", "pgaudit" };

    /// <summary>Why the target must not get it; null: it may.</summary>
    public static string? WhyNever(string name) => Never.GetValueOrDefault(name);

    /// <summary>Why a database owner may not set it.</summary>
    /// <param name="context">From the target's pg_settings; null: no loaded module defines it.</param>
    public static string WhyNot(string? context) => context switch
    {
        null => "no module loaded there defines it; only a superuser may set such a name",
        "superuser" or "superuser-backend" => "only a superuser may set it there",
        "internal" => "it was fixed when the server was made",
        _ => "only whoever runs the server may set it",
    };

    public static bool IsOfSession(string name) => Session.Contains(name);

    public static bool IsOfApplication(string name) =>
        Application.Contains(name) || name.StartsWith("enable_", StringComparison.Ordinal)
        || name.StartsWith("geqo", StringComparison.Ordinal) || IsCustom(name);

    /// <summary>Paths, ports and the like, which mean nothing on another machine.</summary>
    public static bool IsOfMachine(string name) => Machine().IsMatch(name);

    /// <summary>Has a dot: of a module or an application.</summary>
    public static bool IsCustom(string name) => name.Contains('.', StringComparison.Ordinal);

    /// <summary>The value must not be shown. An application's own setting may hold anything.</summary>
    /// <param name="isDefined">By the server.</param>
    public static bool MayHoldSecret(string name, bool isDefined) =>
        IsCustom(name) ? (!isDefined && !Modules.Contains(name.Split('.')[0]))
            || SecretWord().IsMatch(name) : SecretPlace().IsMatch(name);

    [GeneratedRegex("pass|secret|token|key|credential|conninfo|jwt|salt|dsn|private|auth|url",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretWord();

    // PostgreSQL's own: connection strings and shell commands.
    [GeneratedRegex("(conninfo|_command)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretPlace();

    [GeneratedRegex("""
        ^(data_directory.*|config_file|hba_file|ident_file|external_pid_file|listen_addresses|port|unix_socket_.*
        |cluster_name|server_version.*|ssl_.*|ssl|krb_.*|bonjour.*
        |log_(directory|filename|file_mode|rotation_.*|truncate_on_rotation|destination|line_prefix|timezone)
        |logging_collector|syslog_.*|event_source|update_process_title
        |dynamic_library_path|extension_control_path|dynamic_shared_memory_type|shared_memory_.*|huge_page.*
        |num_os_semaphores|archive_.*|restore_command|recovery_.*
        |primary_.*|promote_trigger_file|hot_standby.*|stats_temp_directory|debug_assertions|block_size|segment_size
        |wal_block_size|integer_datetimes|data_sync_retry
        |restart_after_crash|jit_provider|lc_messages|gss_.*|db_user_namespace|oauth_.*|wal_segment_size)$
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Machine();
}
