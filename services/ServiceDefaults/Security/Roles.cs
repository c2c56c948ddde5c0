namespace CarbonMarket.ServiceDefaults.Security;

/// <summary>What a caller may be. Each role is also the name of an authorization policy.</summary>
public static class Roles
{
    /// <summary>重点排放单位: files reports, holds and surrenders allowances.</summary>
    public const string Emitter = "emitter";

    /// <summary>交易主体: places orders.</summary>
    public const string Trader = "trader";

    /// <summary>核查机构: checks reports.</summary>
    public const string Verifier = "verifier";

    /// <summary>主管部门: allocates, approves, supervises.</summary>
    public const string Regulator = "regulator";

    /// <summary>Runs the platform: registers participants, imports bank statements, sets the sandbox's clock.</summary>
    public const string Operator = "operator";

    /// <summary>Reads everything, changes nothing.</summary>
    public const string Auditor = "auditor";

    public static IReadOnlyList<string> All { get; } = [Emitter, Trader, Verifier, Regulator, Operator, Auditor];
}
