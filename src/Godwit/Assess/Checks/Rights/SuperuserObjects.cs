namespace Godwit.Assess.Checks.Rights;

/// <summary>Kind, name and the statement that removes the object.</summary>
internal static class SuperuserObjects
{
    // Lowest OID of user objects: FirstNormalObjectId in PostgreSQL's transam.h.
    private const string FirstOwn = "16384";

    // pg_depend: members of an extension ('e') come with it, constructors of a range ('i') with its type.
    private const string Routines = $"""
        SELECT p.*, l.lanname, l.lanpltrusted, pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid)) AS name
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
             JOIN pg_catalog.pg_language l ON l.oid = p.prolang
        WHERE p.oid >= {FirstOwn}
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
              AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
        """;

    private static string NotOfExtension(string catalog, string alias) => $"""
        {alias}.oid >= {FirstOwn} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.{catalog}'::pg_catalog.regclass AND d.objid = {alias}.oid AND d.deptype = 'e')
        """;

    private static string OwnType(string oid) => $"""
        {oid} >= {FirstOwn} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = {oid} AND d.deptype = 'e')
        """;

    public static string Query { get; } = $"""
        WITH routines AS ({Routines})
        SELECT 'function', r.name || ' in ' || r.lanname, pg_catalog.format('DROP ROUTINE %s;', r.name)
        FROM routines r WHERE NOT r.lanpltrusted AND r.prokind <> 'a'
        UNION ALL
        SELECT 'option', r.name || CASE WHEN r.proleakproof THEN ' (LEAKPROOF)' ELSE ' (SUPPORT)' END,
               CASE WHEN r.proleakproof THEN pg_catalog.format('ALTER ROUTINE %s NOT LEAKPROOF;', r.name)
                    ELSE pg_catalog.format('-- Create %s again, without SUPPORT.',
                        pg_catalog.translate(r.name, E'\n\r', '  ')) END
        FROM routines r WHERE r.lanpltrusted AND (r.proleakproof OR r.prosupport::pg_catalog.oid <> 0)
        UNION ALL
        SELECT 'aggregate', r.name, pg_catalog.format('DROP AGGREGATE %s;', r.name)
        FROM routines r JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = r.oid
        WHERE 'pg_catalog.internal'::pg_catalog.regtype IN (a.aggtranstype, a.aggmtranstype)
        UNION ALL
        SELECT 'language', l.lanname::text, pg_catalog.format('DROP LANGUAGE %I;', l.lanname)
        FROM pg_catalog.pg_language l WHERE {NotOfExtension("pg_language", "l")}
        UNION ALL
        SELECT 'type', pg_catalog.format('%I.%I', n.nspname, t.typname), ''
        FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
        WHERE (t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
            OR NOT t.typisdefined
               OR EXISTS (SELECT FROM pg_catalog.pg_range g
                   WHERE g.rngtypid = t.oid AND g.rngcanonical::pg_catalog.oid <> 0))
          AND {NotOfExtension("pg_type", "t")}
        UNION ALL
        SELECT 'operator class', pg_catalog.format('%I.%I', n.nspname, o.opcname),
               pg_catalog.format(CASE WHEN {NotOfExtension("pg_opfamily", "f")} THEN
                   'DROP OPERATOR FAMILY %3$I.%4$I USING %5$I;' ELSE 'DROP OPERATOR CLASS %1$I.%2$I USING %5$I;' END,
                                 n.nspname, o.opcname, fn.nspname, f.opfname, a.amname)
        FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
             JOIN pg_catalog.pg_am a ON a.oid = o.opcmethod
             JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily
             JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace
        WHERE {NotOfExtension("pg_opclass", "o")}
        UNION ALL
        SELECT 'operator class', pg_catalog.format('%I.%I', n.nspname, f.opfname),
               pg_catalog.format('DROP OPERATOR FAMILY %I.%I USING %I;', n.nspname, f.opfname, a.amname)
        FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
             JOIN pg_catalog.pg_am a ON a.oid = f.opfmethod
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_opclass o WHERE o.opcfamily = f.oid)
            AND {NotOfExtension("pg_opfamily", "f")}
        UNION ALL
        SELECT 'cast', pg_catalog.format('%s to %s', pg_catalog.format_type(c.castsource, NULL),
            pg_catalog.format_type(c.casttarget, NULL)),
               pg_catalog.format('DROP CAST (%s AS %s);', pg_catalog.format_type(c.castsource, NULL),
                   pg_catalog.format_type(c.casttarget, NULL))
        FROM pg_catalog.pg_cast c
        WHERE (c.castmethod = 'b' OR NOT ({OwnType("c.castsource")}) AND NOT ({OwnType("c.casttarget")}))
            AND {NotOfExtension("pg_cast", "c")}
        UNION ALL
        SELECT 'text search', pg_catalog.format('parser %I.%I', n.nspname, p.prsname),
               pg_catalog.format('DROP TEXT SEARCH PARSER %I.%I;', n.nspname, p.prsname)
        FROM pg_catalog.pg_ts_parser p JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace
        WHERE {NotOfExtension("pg_ts_parser", "p")}
        UNION ALL
        SELECT 'text search', pg_catalog.format('template %I.%I', n.nspname, t.tmplname),
               pg_catalog.format('DROP TEXT SEARCH TEMPLATE %I.%I;', n.nspname, t.tmplname)
        FROM pg_catalog.pg_ts_template t JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace
        WHERE {NotOfExtension("pg_ts_template", "t")}
        UNION ALL
        SELECT 'access method', a.amname::text, pg_catalog.concat_ws(E'\n',
                   (SELECT pg_catalog.string_agg(pg_catalog.format('ALTER TABLE %I.%I SET ACCESS METHOD heap;',
                       n.nspname, c.relname), E'\n')
                    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relam = a.oid AND c.relkind IN ('r', 'p')),
                   pg_catalog.format('DROP ACCESS METHOD %I;', a.amname))
        FROM pg_catalog.pg_am a WHERE {NotOfExtension("pg_am", "a")}
        UNION ALL
        SELECT 'wrapper', w.fdwname::text, pg_catalog.format('DROP FOREIGN DATA WRAPPER %I;', w.fdwname)
        FROM pg_catalog.pg_foreign_data_wrapper w WHERE {NotOfExtension("pg_foreign_data_wrapper", "w")}
        ORDER BY 1, 2
        """;

    /// <summary>Settings of functions. An owner may attach those that every user may set. A name with a dot that no
    /// installed extension or language defines needs a superuser.</summary>
    public static string Settings { get; } = $"""
        SELECT s.name, pg_catalog.format('%s of %s', s.name, s.routine),
               pg_catalog.format('ALTER ROUTINE %s RESET %s;', s.routine, s.quoted)
        FROM (SELECT r.name AS routine, pg_catalog.split_part(c, '=', 1) AS name,
                     (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(part), '.')
                         FROM pg_catalog.unnest(pg_catalog.string_to_array(pg_catalog.split_part(c, '=', 1), '.')) part)
                         AS quoted
              FROM ({Routines}) r, pg_catalog.unnest(r.proconfig) c WHERE r.lanpltrusted) s
             LEFT JOIN pg_catalog.pg_settings g ON pg_catalog.lower(g.name) = pg_catalog.lower(s.name)
        WHERE g.context IN ('superuser', 'superuser-backend')
           OR pg_catalog.strpos(s.name, '.') > 0 AND g.name IS NULL
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_extension e
                  WHERE e.extname = pg_catalog.split_part(s.name, '.', 1))
        ORDER BY 2
        """;
}
