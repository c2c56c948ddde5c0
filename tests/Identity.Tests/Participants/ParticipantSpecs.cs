using CarbonMarket.Identity.Participants;
using CarbonMarket.Testing;
using static CarbonMarket.Identity.Participants.ParticipantCommand;
using static CarbonMarket.Identity.Participants.ParticipantEvent;

namespace CarbonMarket.Identity.Tests.Participants;

public sealed class ParticipantSpecs
{
    private static readonly Guid Works = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly DateTimeOffset Noon = new(2021, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ApiClient Desk = new(Guid.Parse("00000000-0000-0000-0000-000000000002"), "desk", "Trading desk", ["emitter", "trader"]);

    private static readonly Spec<Participant?, ParticipantCommand, ParticipantEvent> Spec =
        new(() => null, Participant.Decide, Participant.After);

    private static readonly Registered WorksRegistered = new(Works, "Lanzhou Works", ParticipantKind.Emitter, "91620104712797011F", Noon);

    [Fact]
    public void An_organisation_is_registered_once() =>
        Spec.Given().When(new Register(Works, "Lanzhou Works", ParticipantKind.Emitter, "91620104712797011F", Noon)).Then(WorksRegistered);

    [Fact]
    public void The_same_registration_a_day_later_changes_nothing() =>
        Spec.Given(WorksRegistered)
            .When(new Register(Works, "Lanzhou Works", ParticipantKind.Emitter, "91620104712797011F", Noon.AddDays(1))).ThenNothing();

    public static TheoryData<string, ParticipantKind, string?> Others => new()
    {
        { "Baiyin Works", ParticipantKind.Emitter, "91620104712797011F" },
        { "Lanzhou Works", ParticipantKind.Trader, "91620104712797011F" },
        { "Lanzhou Works", ParticipantKind.Emitter, null },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_organisation_under_the_same_id_is_refused(string name, ParticipantKind kind, string? code) =>
        Spec.Given(WorksRegistered).When(new Register(Works, name, kind, code, Noon)).ThenRejected("id-reused");

    [Fact]
    public void A_client_is_registered_for_an_organisation() =>
        Spec.Given(WorksRegistered).When(Ask(Desk)).Then(new ClientRegistered(Works, Desk, Noon));

    [Fact]
    public void A_client_of_nobody_is_refused() => Spec.Given().When(Ask(Desk)).ThenRejected("unknown-participant");

    [Fact]
    public void The_same_client_with_its_secret_again_changes_nothing() =>
        Spec.Given(WorksRegistered, new ClientRegistered(Works, Desk, Noon))
            .When(Ask(Desk with { Roles = ["trader", "emitter"] }, ClientIdHolder.ThisRegistration)).ThenNothing();

    [Fact]
    public void The_same_client_with_another_secret_is_refused() =>
        Spec.Given(WorksRegistered, new ClientRegistered(Works, Desk, Noon))
            .When(Ask(Desk, ClientIdHolder.ThisRegistrationWithOtherSecret)).ThenRejected("id-reused");

    [Fact]
    public void The_same_client_with_more_roles_is_refused() =>
        Spec.Given(WorksRegistered, new ClientRegistered(Works, Desk with { Roles = ["emitter"] }, Noon))
            .When(Ask(Desk, ClientIdHolder.ThisRegistration)).ThenRejected("id-reused");

    [Theory]
    [InlineData(ClientIdHolder.AnotherRegistration)]
    [InlineData(ClientIdHolder.ThisRegistration)]
    public void A_client_id_that_somebody_else_holds_is_refused(ClientIdHolder holder) =>
        Spec.Given(WorksRegistered).When(Ask(Desk, holder)).ThenRejected("client-id-taken");

    [Fact]
    public void An_emitter_may_not_act_as_the_regulator() =>
        Spec.Given(WorksRegistered).When(Ask(Desk with { Roles = ["emitter", "regulator"] })).ThenRejected("role-not-allowed");

    [Theory]
    [InlineData(ParticipantKind.Trader)]
    [InlineData(ParticipantKind.Verifier)]
    [InlineData(ParticipantKind.Regulator)]
    [InlineData(ParticipantKind.Operator)]
    [InlineData(ParticipantKind.Auditor)]
    public void Every_other_kind_has_its_own_role_only(ParticipantKind kind)
    {
        var facts = Spec.Given(WorksRegistered with { Kind = kind });
        facts.When(Ask(Desk with { Roles = [kind.Word()] })).Then(new ClientRegistered(Works, Desk with { Roles = [kind.Word()] }, Noon));
        facts.When(Ask(Desk with { Roles = ["emitter"] })).ThenRejected("role-not-allowed");
    }

    [Fact]
    public void An_organisation_has_so_many_clients_and_no_more() =>
        Spec.Given(Enumerable.Range(1, Participant.MostClients)
                .Select(number => (ParticipantEvent)new ClientRegistered(Works, Desk with { Id = NumberedId(number), ClientId = $"desk-{number}" }, Noon))
                .Prepend(WorksRegistered))
            .When(Ask(Desk)).ThenRejected("too-many-clients");

    private static RegisterClient Ask(ApiClient client, ClientIdHolder holder = ClientIdHolder.Nobody) => new(Works, client, holder, Noon);

    private static Guid NumberedId(int number) => new(number, 0, 1, [0, 0, 0, 0, 0, 0, 0, 0]);
}
