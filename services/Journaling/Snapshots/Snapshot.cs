using System.Buffers.Binary;

namespace CarbonMarket.Journaling;

/// <summary>The state at a version, and the commands since the snapshot before it.</summary>
/// <param name="Version">Everything up to here is in it.</param>
/// <param name="Before">The snapshot this one follows; 0 where it is the first.</param>
/// <param name="Write">Writes the state as it was at the version; beside the writer.</param>
/// <param name="Commands">Commands with versions above <paramref name="Before"/>.</param>
/// <param name="Forgotten">Commands at or below this version are in no window that can still be asked for.</param>
internal sealed record Snapshot(long Version, long Before, Func<byte[]> Write, KnownCommand[] Commands, long Forgotten);

/// <summary>Commands as bytes: id, content hash, first version, number of events; big-endian.</summary>
internal static class CommandBytes
{
    private const int Size = 44;

    public static byte[] Write(ReadOnlySpan<KnownCommand> commands)
    {
        var bytes = new byte[commands.Length * Size];
        for (var i = 0; i < commands.Length; i++)
        {
            var place = bytes.AsSpan(i * Size, Size);
            commands[i].Mark.Id.TryWriteBytes(place, bigEndian: true, out _);
            BinaryPrimitives.WriteUInt128BigEndian(place[16..], commands[i].Mark.Content);
            BinaryPrimitives.WriteInt64BigEndian(place[32..], commands[i].FirstVersion);
            BinaryPrimitives.WriteInt32BigEndian(place[40..], commands[i].Events);
        }
        return bytes;
    }

    public static KnownCommand[] Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % Size != 0)
            throw new InvalidDataException($"{bytes.Length} bytes are not a whole number of commands.");
        var commands = new KnownCommand[bytes.Length / Size];
        for (var i = 0; i < commands.Length; i++)
        {
            var place = bytes.Slice(i * Size, Size);
            commands[i] = new KnownCommand(
                new CommandMark(new Guid(place[..16], bigEndian: true), BinaryPrimitives.ReadUInt128BigEndian(place[16..])),
                BinaryPrimitives.ReadInt64BigEndian(place[32..]),
                BinaryPrimitives.ReadInt32BigEndian(place[40..]));
        }
        return commands;
    }
}
