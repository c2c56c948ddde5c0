namespace CarbonMarket.Trading.Controls;

/// <summary>
/// Who may do what. Officials are the operator's and the regulator's people.
/// <list type="bullet">
/// <item>A kill switch: any official; a participant for itself and its own representatives.</item>
/// <item>A suspension: the operator. A halt: any official. A freeze: the regulator.</item>
/// <item>What stops a participant, an instrument or the market by kill switch, and a participant's suspension, two lift
/// together: two officials, or where the participant threw its own switch, one of its people and another of them or an
/// official. A representative does not lift its own.</item>
/// <item>The rest is lifted by who may impose it.</item>
/// </list>
/// </summary>
public static class ControlRights
{
    public static bool MayImpose(ControlActor by, ControlKind kind, ControlScope scope) => kind switch
    {
        ControlKind.KillSwitch => by.IsOfficial || (scope.ParticipantId is { } participant && participant == by.ParticipantId),
        ControlKind.ParticipantSuspension or ControlKind.InstrumentSuspension => by.IsOperator,
        ControlKind.Halt => by.IsOfficial,
        _ => by.IsRegulator,
    };

    public static string WhoImposes(ControlKind kind) => kind switch
    {
        ControlKind.KillSwitch => "A kill switch is thrown by an operator or a regulator, and by a participant for itself and its representatives",
        ControlKind.ParticipantSuspension or ControlKind.InstrumentSuspension => "Operators suspend",
        ControlKind.Halt => "Operators and regulators halt",
        _ => "Regulators freeze",
    };

    public static bool TakesTwo(ControlKind kind) => kind is ControlKind.KillSwitch or ControlKind.ParticipantSuspension;

    /// <summary>May lift it, or be one of the two who do.</summary>
    public static bool MayLift(ControlActor by, ControlImposed imposed) => imposed.Kind switch
    {
        ControlKind.KillSwitch or ControlKind.ParticipantSuspension => by.IsOfficial || IsOwner(by, imposed),
        var kind => MayImpose(by, kind, imposed.Scope),
    };

    public static bool FourEyes(ControlImposed imposed, ControlActor asked, ControlActor confirmed) =>
        asked.Subject != confirmed.Subject
        && (imposed.IsOwn ? IsOwner(asked, imposed) || IsOwner(confirmed, imposed) : asked.IsOfficial && confirmed.IsOfficial);

    private static bool IsOwner(ControlActor by, ControlImposed imposed) =>
        imposed.IsOwn && !by.IsOfficial && by.ParticipantId == imposed.ParticipantId && by.Subject != imposed.Representative;
}
