"""A line to a server far away: passes the bytes of every connection on, each way half of the round trip later, and as many at a time as come.

Linux could do it below the programs (tc netem), but not every machine may; both contenders go through the same.
"""
import asyncio
import multiprocessing
import socket

CHUNK = 1 << 18
# What is under way at most, each way of each connection: more than a good line holds in the time.
UNDER_WAY = 64


async def later(reader, writer, seconds):
    under_way, now = asyncio.Queue(UNDER_WAY), asyncio.get_running_loop().time

    async def arrive():
        while (chunk := await under_way.get()) is not None:
            due, data = chunk
            await asyncio.sleep(due - now())
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    async with asyncio.TaskGroup() as both:
        both.create_task(arrive())
        while data := await reader.read(CHUNK):
            await under_way.put((now() + seconds, data))
        await under_way.put(None)


async def serve(listening, port, seconds):
    # asyncio itself forgets who serves a connection as soon as one side has left.
    serving = set()

    async def meet(reader, writer):
        far_writer, me = None, asyncio.current_task()
        serving.add(me)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port, limit=CHUNK * 4)
            async with asyncio.TaskGroup() as both:
                both.create_task(later(reader, far_writer, seconds))
                both.create_task(later(far_reader, writer, seconds))
        except* OSError:
            # One side has gone without a word, as they do; the other is told so below.
            pass
        finally:
            for open_one in filter(None, (writer, far_writer)):
                open_one.close()
            serving.discard(me)

    async with await asyncio.start_server(meet, sock=listening, limit=CHUNK * 4) as server:
        await server.serve_forever()


class FarServer:
    """A bench server as seen over that link: only its URLs differ."""

    def __init__(self, server, milliseconds):
        self._server = server
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._process = multiprocessing.Process(
            target=lambda: asyncio.run(serve(self._listening, server.port, milliseconds / 2000)), daemon=True)
        self._process.start()

    def __getattr__(self, name):
        return getattr(self._server, name)

    def url(self, database):
        return self._server.url(database).replace(f":{self._server.port}/", f":{self.port}/")
